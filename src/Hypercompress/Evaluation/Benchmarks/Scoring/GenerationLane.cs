using System.Collections.Immutable;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>One text that is being generated.</summary>
/// <param name="request">The request.</param>
/// <param name="tokenizer">Turns tokens into text.</param>
/// <param name="ends">Tokens that end a text.</param>
internal sealed class GenerationLane(GenerationRequest request, ITokenizer tokenizer, ImmutableArray<int> ends)
{
    private readonly List<int> _made = [];

    /// <summary>The request.</summary>
    public GenerationRequest Request => request;

    /// <summary>Place of the last token in the tree.</summary>
    public int Node { get; set; }

    /// <summary>The token that was made last.</summary>
    public int Last => _made[^1];

    /// <summary>Whether the text is complete.</summary>
    public bool Done { get; private set; }

    /// <summary>The generated text, up to the first stop string; special tokens left out.</summary>
    public string Text => request.Until.Aggregate(Decoded(), (text, stop) =>
        text.IndexOf(stop, StringComparison.Ordinal) is var end and >= 0 ? text[..end] : text);

    /// <summary>Takes the next token.</summary>
    /// <param name="id">The token.</param>
    public void Add(int id)
    {
        if (ends.Contains(id))
        {
            Done = true;
            return;
        }

        _made.Add(id);
        string text = Decoded();
        Done = _made.Count >= request.MaxTokens
            || request.Until.Any(stop => text.Contains(stop, StringComparison.Ordinal));
    }

    private string Decoded() => tokenizer.Decode(_made, skipSpecialTokens: true);
}
