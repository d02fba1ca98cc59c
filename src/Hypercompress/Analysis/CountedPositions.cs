using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>The positions of a window that statistics count.</summary>
internal static class CountedPositions
{
    /// <summary>Leaves the first positions out.</summary>
    /// <param name="states">float32 [batch, tokens, width].</param>
    /// <param name="skip">Positions to leave out; of a window no longer than that, none is left.</param>
    /// <returns>float32 [batch · counted tokens, width], in the caller's scope.</returns>
    internal static Tensor Flatten(Tensor states, int skip)
    {
        using var scope = NewDisposeScope();
        long first = long.Min(skip, states.shape[1]);
        Tensor counted = states.detach().narrow(1, first, states.shape[1] - first);
        return counted.reshape(-1, states.shape[2]).MoveToOuterDisposeScope();
    }
}
