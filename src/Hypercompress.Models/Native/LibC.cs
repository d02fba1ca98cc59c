using System.Runtime.InteropServices;

namespace Hypercompress.Models.Native;

/// <summary>The calls into the C library of Linux that .NET has no equivalent for.</summary>
internal static partial class LibC
{
    /// <summary>Sets a variable of the process's native environment, which native libraries read.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="overwrite">0 keeps a value that is there.</param>
    /// <returns>0 on success.</returns>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetEnvironment(string name, string value, int overwrite);

    /// <summary>Tunes the allocator; only glibc has it.</summary>
    /// <param name="parameter">One of glibc's M_ constants.</param>
    /// <param name="value">Its value.</param>
    /// <returns>1 on success.</returns>
    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int TuneAllocator(int parameter, int value);
}
