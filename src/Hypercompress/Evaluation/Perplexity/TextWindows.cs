using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>A text cut into windows for given models.</summary>
internal sealed class TextWindows
{
    private readonly EvaluationText _text;

    /// <summary>Cuts a text into windows that every model can read.</summary>
    /// <exception cref="CheckpointException">The text has fewer than two tokens.</exception>
    /// <exception cref="ConfigurationException">A token is outside a model's vocabulary.</exception>
    public TextWindows(EvaluationText text, EvaluationOptions options, params ReadOnlySpan<DecoderModel> models)
    {
        int window = options.Window;
        foreach (DecoderModel model in models)
        {
            CheckIds(text, model.Config.VocabularySize);
            window = Math.Min(window, model.Config.MaxPositions);
        }

        _text = text;
        int? stride = options.Stride is { } asked ? Math.Min(asked, window) : null;
        Options = options with { Window = window, Stride = stride };
        Windows = WindowPlan.For(text.Ids.Length, Options, text.File);
    }

    /// <summary>The options with a window that the models were made for.</summary>
    public EvaluationOptions Options { get; }

    /// <summary>The windows in order.</summary>
    public ImmutableArray<TokenWindow> Windows { get; }

    /// <summary>The tokens of a window.</summary>
    public ReadOnlySpan<int> Ids(TokenWindow window) => _text.Ids.Span.Slice(window.Start, window.Length);

    /// <summary>The tokens of a window that are scored.</summary>
    /// <param name="window">One of <see cref="Windows"/>.</param>
    /// <param name="device">Where they go.</param>
    /// <returns>int64 [targets]; the caller's scope owns it.</returns>
    public Tensor Targets(TokenWindow window, Device device)
    {
        long[] wide = [.. Ids(window)[window.FirstTarget..]];
        return tensor(wide, device: device);
    }

    private static void CheckIds(EvaluationText text, int vocabulary)
    {
        foreach (int id in text.Ids.Span)
        {
            if (id < 0 || id >= vocabulary)
            {
                throw new ConfigurationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{text.File}: holds the token id {id}, those of the model are 0 to {vocabulary - 1}; use the "
                    + $"model's own tokenizer"));
            }
        }
    }
}
