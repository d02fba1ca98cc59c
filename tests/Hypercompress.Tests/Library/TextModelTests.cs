using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Tests.Pipeline;

namespace Hypercompress.Tests.Library;

/// <summary>Generation from code, as a stream.</summary>
public sealed class TextModelTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Prompt = "the cat went into the garden";
    private static readonly SamplingOptions Twelve = new() { MaxTokens = 12, IgnoreEnd = true };

    [Fact]
    public async Task Continue_GivesThePiecesOfTheWholeText()
    {
        using TextModel model = TextModel.Open(tiny.Artifact, threads: 1);
        List<string> pieces = await model.ContinueAsync(
            Prompt, Twelve, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        GenerationResult whole = model.Generate(model.Tokenizer.EncodePrompt(Prompt), Twelve);
        Assert.Equal(whole.Text, string.Concat(pieces));
        Assert.True(pieces.Count > 1);
        Assert.DoesNotContain("", pieces);
    }

    [Fact]
    public async Task Stream_EndsWithTheWholeContinuation()
    {
        using TextModel model = TextModel.Open(tiny.Artifact, threads: 1);
        var request = new CompletionRequest(model.Tokenizer.EncodePrompt(Prompt), Twelve);
        List<CompletionPiece> pieces = await new TextCompleter(model).StreamAsync(
            request, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(string.Concat(pieces.Select(piece => piece.Text)), pieces[^1].Result!.Text);
        Assert.Equal(12, pieces[^1].Result!.Tokens.Length);
        Assert.All(pieces.SkipLast(1), piece => Assert.Null(piece.Result));
    }

    [Fact]
    public async Task Continue_LeftEarly_EndsTheWork()
    {
        using TextModel model = TextModel.Open(tiny.Artifact, threads: 1);
        var endless = new SamplingOptions { MaxTokens = int.MaxValue, IgnoreEnd = true };
        await foreach (string piece in model.ContinueAsync(Prompt, endless, TestContext.Current.CancellationToken))
        {
            Assert.NotEmpty(piece);
            break;
        }
    }

    [Fact]
    public async Task Continue_Stopped_Throws()
    {
        using TextModel model = TextModel.Open(tiny.Artifact, threads: 1);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in model.ContinueAsync(Prompt, Twelve, stop.Token))
            {
                await stop.CancelAsync();
            }
        });
    }

    [Fact]
    public async Task Continue_OutOfRange_Throws()
    {
        using TextModel model = TextModel.Open(tiny.Model, threads: 1);
        await Assert.ThrowsAsync<ConfigurationException>(async () => await model.ContinueAsync(
            Prompt, new SamplingOptions { MaxTokens = 0 }).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Open_OfNothing_NamesTheFolder()
    {
        var failure = Assert.Throws<CheckpointException>(() => TextModel.Open(Path.Combine(tiny.Folder, "none")));
        Assert.Contains("none", failure.Message, StringComparison.Ordinal);
    }
}
