using System.Runtime.InteropServices;
using Hypercompress.Models.Native;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Native;

public sealed class TorchRuntimeTests
{
    private delegate nint ReadVariable(nint name);

    [Fact]
    public void EnsureLoaded_OnThisMachine_LetsTorchAdd()
    {
        TorchRuntime.EnsureLoaded();
        using var sum = ones(2) + tensor(new float[] { 1, 2 });

        Assert.Equal([2, 3], sum.data<float>().ToArray());
    }

    [Fact]
    public void Prepare_OnLinux_MakesOpenMpWaitPassivelyUnlessTold()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the setting is for Linux");
        TorchRuntime.EnsureLoaded();

        string? told = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY");

        Assert.Equal(told ?? "passive", Marshal.PtrToStringUTF8(NativeVariable("OMP_WAIT_POLICY")));
    }

    [Fact]
    public void Load_NoFolderHasTheLibrary_SaysSo()
    {
        var e = Assert.Throws<DllNotFoundException>(
            () => TorchLibraryFallback.Load([Path.GetTempPath()], Path.GetTempPath()));

        Assert.Contains("libLibTorchSharp.so", e.Message, StringComparison.Ordinal);
    }

    private static nint NativeVariable(string name)
    {
        nint library = NativeLibrary.Load("libc.so.6");
        nint text = Marshal.StringToCoTaskMemUTF8(name);
        try
        {
            nint function = NativeLibrary.GetExport(library, "getenv");
            return Marshal.GetDelegateForFunctionPointer<ReadVariable>(function)(text);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }
}
