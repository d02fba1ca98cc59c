using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Targets;

/// <summary>
/// vLLM: as for transformers, in the sizes of groups that its kernels have, and alike where it joins layers.
/// </summary>
internal sealed class VllmRuntime() : CompressedTensorsRuntime([32, 64, 128])
{
    /// <inheritdoc/>
    public override string Name => "vllm";

    /// <summary>Query with key and value, and gate with up.</summary>
    /// <inheritdoc/>
    public override ImmutableArray<ImmutableArray<string>> Alike(DecoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        TensorRole[][] joined = [[TensorRole.Query, TensorRole.Key], [TensorRole.Gate, TensorRole.Up]];
        HashSet<string> slots = [.. new DecoderLayout(config).Slots.Select(slot => slot.Name)];
        return
        [
            .. from layer in Enumerable.Range(0, config.Layers)
               from roles in joined
               select roles.Select(role => DecoderNames.Of(role, layer)).Where(slots.Contains).ToImmutableArray()
               into names
               where names.Length > 1
               select names,
        ];
    }
}
