using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Exports;

/// <summary>Beginnings of stories, and how the built-in model goes on with them.</summary>
internal static class StoryPrompts
{
    public const int Tokens = 40;

    public static string[] All { get; } =
    [
        "Once upon a time", "One day, a little girl", "Tom and Ben", "The sun", "There was a dog",
        "\"Help!\" said the", "In the forest", "She", "It was cold, and", "Mum",
    ];

    /// <summary>Continues every prompt by the most probable tokens, up to the end of the text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decoder">Another decoder in place of its own; null for that.</param>
    /// <returns>The ids of prompt and continuation for each.</returns>
    public static long[][] Continue(LanguageModel model, DecoderModel? decoder = null)
    {
        using var noGrad = no_grad();
        return [.. All.Select(prompt => Continue(model, prompt, ids =>
        {
            using var scope = NewDisposeScope();
            return (decoder ?? model.Decoder).Forward(tensor(ids.ToArray()).unsqueeze(0))[0, -1].argmax().item<long>();
        }))];
    }

    /// <summary>Continues a prompt by tokens that somebody chooses, up to the end of the text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="next">The next token.</param>
    /// <returns>The ids of prompt and continuation.</returns>
    public static long[] Continue(LanguageModel model, string prompt, Func<IReadOnlyList<long>, long> next)
    {
        var ids = model.Tokenizer!.Encode(prompt).Select(id => (long)id).ToList();
        for (int made = 0; made < Tokens && ids[^1] != model.EndTokenIds[0]; made++)
        {
            ids.Add(next(ids));
        }

        return [.. ids];
    }
}
