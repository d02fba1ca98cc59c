using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Calibration;

/// <summary>Finds the device that a configuration names.</summary>
internal static class DeviceSelection
{
    /// <summary>Selects a device.</summary>
    /// <param name="name"><c>cpu</c> or <c>cuda</c>.</param>
    /// <returns>The device.</returns>
    /// <exception cref="ConfigurationException">The machine does not have it.</exception>
    public static Device Of(string name) => name switch
    {
        "cuda" when !cuda.is_available() => throw new ConfigurationException(
            "runtime.device is cuda, but libtorch finds no CUDA device; use cpu, or a libtorch build with CUDA"),
        "cuda" => CUDA,
        _ => CPU,
    };
}
