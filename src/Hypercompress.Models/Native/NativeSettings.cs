namespace Hypercompress.Models.Native;

/// <summary>Settings of the process that have to be made before libtorch is loaded.</summary>
internal static class NativeSettings
{
    private const int MapThreshold = -3;
    private const int MappedFrom = 1 << 20;

    /// <summary>Applies them; does nothing outside Linux.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // libtorch asks for aligned blocks, and glibc before 2.38 does not find those again among the freed ones of
            // its heap: calibration grew by a gigabyte a minute. Blocks that are mapped one by one go back when they
            // are freed; a fixed threshold keeps glibc from raising it to 32 MiB.
            _ = LibC.TuneAllocator(MapThreshold, MappedFrom);

            // Waiting OpenMP threads spin by default; another torch process on the same cores gets six times slower.
            _ = LibC.SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library, which needs neither.
        }
    }
}
