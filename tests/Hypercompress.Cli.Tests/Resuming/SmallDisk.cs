using System.Diagnostics;
using System.Globalization;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>A disk of little space, which only the administrator of a Linux machine can make.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";
    private readonly string _folder;

    public SmallDisk(string folder, int kilobytes)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        string options = string.Create(CultureInfo.InvariantCulture, $"size={kilobytes}k");
        bool isMounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder);
        Assert.SkipUnless(isMounted, "disks can be mounted by the administrator of a Linux machine only");
    }

    public string Of(string name) => Path.Combine(_folder, name);

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using FileStream filler = File.Create(Of(Filler), bufferSize: 1);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full, as was asked for.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Empty() => File.Delete(Of(Filler));

    /// <summary>Lets nobody write any more.</summary>
    public void Protect() => Assert.True(Run("mount", "-o", "remount,ro", _folder));

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
