using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline;

/// <summary>Turns the name of a device into the device.</summary>
internal static class DeviceSelection
{
    /// <summary>Selects a device.</summary>
    /// <param name="name"><c>cpu</c> or <c>cuda</c>.</param>
    /// <returns>The device.</returns>
    /// <exception cref="ConfigurationException">It is not there.</exception>
    public static Device Of(string name) => name switch
    {
        "cuda" when !cuda.is_available() => throw new ConfigurationException(
            "runtime.device is cuda, but libtorch finds no CUDA device; use cpu, or a libtorch build with CUDA"),
        "cuda" => CUDA,
        _ => CPU,
    };
}
