using System.Collections.Immutable;
using System.Runtime.ExceptionServices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>The tokens of one sequence in a pass that may have those of others beside them.</summary>
/// <param name="attention">What the sequence remembers.</param>
/// <param name="ids">Tokens that follow those that it remembers.</param>
/// <param name="start">Position of the first.</param>
/// <param name="length">Length of the sequence when all its tokens are there.</param>
internal sealed class PassPart(AttentionPass attention, ImmutableArray<int> ids, int start, int length)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>What the sequence remembers.</summary>
    public AttentionPass Attention => attention;

    /// <summary>The tokens.</summary>
    public ImmutableArray<int> Ids => ids;

    /// <summary>Position of the first token.</summary>
    public int Start => start;

    /// <summary>Length of the sequence when all its tokens are there.</summary>
    public int Length => length;

    /// <summary>Its first row in the pass, once this has begun.</summary>
    public int First { get; set; }

    /// <summary>Whether its results are of no use.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Does something for this sequence alone; when it fails, the others of the pass go on.</summary>
    /// <param name="work">The work; nothing is done after a failure.</param>
    public void Try(Action<PassPart> work)
    {
        if (HasFailed)
        {
            return;
        }

        try
        {
            work(this);
        }
        catch (Exception problem)
        {
            Fail(problem);
        }
    }

    /// <summary>Remembers a failure; the first one counts.</summary>
    /// <param name="problem">What happened.</param>
    public void Fail(Exception problem) => _failure ??= ExceptionDispatchInfo.Capture(problem);

    /// <summary>Throws what has failed.</summary>
    public void ThrowIfFailed() => _failure?.Throw();
}
