using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.StoryModel;

/// <summary>Lets the model tell a story.</summary>
public static class StorySampler
{
    /// <summary>Continues a text until the story ends.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="prompt">How the story begins.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="seed">Equal seeds give equal stories.</param>
    /// <returns>Prompt and continuation.</returns>
    public static string Tell(DecoderModel model, ITokenizer tokenizer, string prompt, double temperature, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        using var noGrad = no_grad();
        using var random = new Generator(seed);
        List<int> ids = [.. tokenizer.Encode(prompt)];
        while (ids.Count < model.Config.MaxPositions)
        {
            int next = Next(model, ids, temperature, random);
            if (next == tokenizer.EosTokenId)
            {
                break;
            }

            ids.Add(next);
        }

        return tokenizer.Decode(ids).Trim();
    }

    private static int Next(DecoderModel model, List<int> ids, double temperature, Generator random)
    {
        using var scope = NewDisposeScope();
        Tensor input = tensor([.. ids.Select(id => (long)id)], dtype: ScalarType.Int64).unsqueeze(0);
        Tensor hidden = model.Hidden(input);
        Tensor logits = model.Logits(hidden.narrow(1, ids.Count - 1, 1)).reshape(-1);
        return (int)multinomial((logits / temperature).softmax(0), 1, false, random).item<long>();
    }
}
