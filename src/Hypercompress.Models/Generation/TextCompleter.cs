using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation.Streaming;

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
        var text = new StringBuilder();
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

    /// <summary>Continues a text for a caller who waits without holding a thread.</summary>
    /// <param name="request">The prompt, and how to go on.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>The continuation.</returns>
    /// <exception cref="ConfigurationException">A part of the request is out of range.</exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public Task<CompletionResult> CompleteAsync(
        CompletionRequest request, CancellationToken cancellation = default) =>
        Start(() => Complete(request, onPiece: null, cancellation));

    /// <summary>Continues a text for a caller who waits for each piece without holding a thread.</summary>
    /// <param name="request">The prompt, and how to go on.</param>
    /// <param name="cancellation">Ends the work between two tokens.</param>
    /// <returns>
    /// The pieces as they come; the last one has no text but the whole continuation. A caller who reads no further ends
    /// the work.
    /// </returns>
    /// <exception cref="ConfigurationException">A part of the request is out of range.</exception>
    /// <exception cref="NumericalException">The model computed logits that are not numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public async IAsyncEnumerable<CompletionPiece> StreamAsync(
        CompletionRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var pieces = Channel.CreateUnbounded<CompletionPiece>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<CompletionResult> work = Start(() => Complete(request, pieces.Writer, stop.Token));
        try
        {
            await foreach (CompletionPiece piece in pieces.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return piece;
            }

            yield return new CompletionPiece(string.Empty, []) { Result = await work.ConfigureAwait(false) };
        }
        finally
        {
            // The model may be disposed once the caller has left.
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }

    // Generations wait for each other's steps: on threads of the pool they would take those that callers need.
    private static Task<CompletionResult> Start(Func<CompletionResult> complete) => Task.Factory.StartNew(
        complete, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private CompletionResult Complete(
        CompletionRequest request, ChannelWriter<CompletionPiece> pieces, CancellationToken stop)
    {
        try
        {
            return Complete(request, piece => _ = pieces.TryWrite(piece), stop);
        }
        finally
        {
            pieces.Complete();
        }
    }
}
