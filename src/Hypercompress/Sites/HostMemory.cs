using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// Sites are solved by the threads of the processor, whatever the device of the model: sweeps and searches go one
/// column after the other. So what they work on is in its memory.
/// </summary>
internal static class HostMemory
{
    /// <summary>Takes a tensor over and moves it into the memory of the processor.</summary>
    /// <param name="made">A tensor; disposed where it is on another device.</param>
    /// <returns>The tensor itself where it is there already; otherwise a copy in the caller's scope.</returns>
    internal static Tensor ToHost(this Tensor made)
    {
        if (made.device_type == DeviceType.CPU)
        {
            return made;
        }

        using (made)
        {
            return made.cpu();
        }
    }
}
