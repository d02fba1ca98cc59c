using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Evaluation;

/// <summary>
/// A decoder whose logits can be read off a table: attention and feed-forward are zero, the embedding is the unit
/// matrix, so the logits after a token are the table's row of that token, wherever it stands.
/// </summary>
internal static class TableModel
{
    /// <summary>Builds a model.</summary>
    /// <param name="table">Square: row = token before, column = token after; an even number of tokens.</param>
    /// <param name="maxPositions">The longest sequence that the model claims to read.</param>
    public static DecoderModel Create(float[,] table, int maxPositions = 2048)
    {
        int vocabulary = table.GetLength(0);
        var config = new JsonObject
        {
            ["model_type"] = "llama",
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["hidden_size"] = vocabulary,
            ["intermediate_size"] = 2,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = 1,
            ["num_key_value_heads"] = 1,
            ["vocab_size"] = vocabulary,
            ["max_position_embeddings"] = maxPositions,
            ["rms_norm_eps"] = 1e-12,
            ["hidden_act"] = "silu",
            ["tie_word_embeddings"] = false,
        };
        return DecoderModel.Assemble(
            DecoderConfigReader.Parse(config, "table"),
            slot => new DenseMatrix(Weight(slot, table)),
            vector => full(vector.Length, vector.Name == "model.norm.weight" ? 1 / MathF.Sqrt(vocabulary) : 1));
    }

    private static Tensor Weight(SlotLayout slot, float[,] table) => slot.Kind switch
    {
        WeightSlotKind.Embedding => eye(slot.Rows),
        WeightSlotKind.Head => Transposed(table),
        _ => zeros(slot.Rows, slot.Columns),
    };

    private static Tensor Transposed(float[,] table)
    {
        using Tensor rows = tensor(table);
        using Tensor view = rows.t();
        return view.contiguous();
    }
}
