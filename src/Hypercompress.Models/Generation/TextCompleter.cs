using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Generation;

/// <summary>Continues texts up to a stop text, piece by piece.</summary>
/// <param name="engine">Generates the tokens.</param>
public sealed class TextCompleter(ITextEngine engine)
{
    /// <summary>Continues a text.</summary>
    /// <param name="request">The prompt, and how to go on.</param>
    /// <param name="onPiece">Gets the text piece by piece as it comes, or null.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The whole continuation.</returns>
    /// <exception cref="ConfigurationException">A part of the request is out of range.</exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public CompletionResult Complete(
        CompletionRequest request, Action<CompletionPiece>? onPiece = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var stream = new TextStream(engine.Tokenizer);
        var stop = new StopText(request.Stop);
        var tokens = ImmutableArray.CreateBuilder<GeneratedToken>();
        var text = new System.Text.StringBuilder();
        void Send(string piece, ImmutableArray<GeneratedToken> made)
        {
            text.Append(piece);
            onPiece?.Invoke(new CompletionPiece(piece, made));
        }

        GenerationResult result = engine.Generate(
            request.Prompt,
            request.Sampling,
            token =>
            {
                tokens.Add(token);
                Send(stop.Push(stream.Push(token.Id)), [token]);
                return !stop.Stopped;
            },
            cancellation);
        string rest = stop.Push(stream.Flush());
        rest = stop.Stopped ? rest : rest + stop.Flush();
        if (rest.Length > 0)
        {
            Send(rest, []);
        }

        bool isComplete = stop.Stopped || result.StopReason == StopReason.EndToken;
        return new CompletionResult(text.ToString(), isComplete, tokens.ToImmutable(), result);
    }
}
