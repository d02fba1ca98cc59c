using System.Diagnostics;

namespace Hypercompress.Tests.Exports;

/// <summary>A Python with PyTorch, where the machine has one.</summary>
internal static class PythonInterpreter
{
    private static readonly string? Found = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(HasTorch);

    /// <summary>Runs a script; skips the calling test where there is no Python with PyTorch.</summary>
    public static void Run(params string[] arguments)
    {
        Assert.SkipWhen(Found is null, "needs python3 with torch and numpy");
        (int code, string output) = Start(Found!, arguments);
        Assert.True(code == 0, output);
    }

    private static bool HasTorch(string python)
    {
        try
        {
            return Start(python, ["-c", "import torch, numpy"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output) Start(string python, string[] arguments)
    {
        var start =
            new ProcessStartInfo(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors + output.Result);
    }
}
