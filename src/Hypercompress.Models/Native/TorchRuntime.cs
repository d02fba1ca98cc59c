using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Hypercompress.Models.Native;

/// <summary>
/// Prepares the process for libtorch. The settings are made when this assembly is first used; the library itself is
/// loaded by the first torch call, so that programs which compute nothing do not pay for it.
/// </summary>
internal static class TorchRuntime
{
    private static readonly Lazy<(nint Handle, Exception? Failure)> Fallback = new(LoadFallback);

    /// <summary>Loads libtorch now, to fail early and with the whole reason. Later calls do nothing.</summary>
    /// <exception cref="DllNotFoundException">
    /// libtorch or TorchSharp's library cannot be loaded on this machine.
    /// </exception>
    public static void EnsureLoaded()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            string cause = Fallback.IsValueCreated && Fallback.Value.Failure is { } failure
                ? $"{failure.GetType().Name}: {failure.Message}"
                : e.Message;
            throw new DllNotFoundException(
                $"libtorch cannot be loaded ({cause}). It needs 64-bit Linux with glibc, Windows or macOS, "
                + "and the package libtorch-cpu of the same system beside the program",
                e);
        }
    }

    /// <summary>Makes the settings and waits for the loader to miss TorchSharp's library; never throws.</summary>
#pragma warning disable CA2255 // The native environment must be set before any other code can load libtorch.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare()
    {
        NativeSettings.Apply();
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            var context = AssemblyLoadContext.GetLoadContext(typeof(TorchRuntime).Assembly)
                ?? AssemblyLoadContext.Default;
            context.ResolvingUnmanagedDll += (_, name) =>
                name == TorchLibraryFallback.LibraryName ? Fallback.Value.Handle : 0;
        }
    }

    private static (nint Handle, Exception? Failure) LoadFallback()
    {
        try
        {
            return (TorchLibraryFallback.Load(NativeFolders(), CacheFolder()), null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or IOException
            or UnauthorizedAccessException or OverflowException)
        {
            return (0, e);
        }
    }

    private static IEnumerable<string> NativeFolders()
    {
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return
        [
            .. searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
        ];
    }

    private static string CacheFolder()
    {
        string? configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string root = string.IsNullOrEmpty(configured)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
            : configured;
        return Path.Combine(root, "hypercompress", "torch-native");
    }
}
