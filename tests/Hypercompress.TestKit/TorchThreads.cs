using System.Runtime.CompilerServices;
using TorchSharp;

namespace Hypercompress.TestKit;

/// <summary>
/// Tests compute on one thread, so that test projects can run side by side: two torch processes with two threads each
/// on two cores take several times as long.
/// </summary>
internal static class TorchThreads
{
#pragma warning disable CA2255 // The one place where all test projects come by before anything is computed.
    [ModuleInitializer]
    internal static void UseOne() => torch.set_num_threads(1);
#pragma warning restore CA2255
}
