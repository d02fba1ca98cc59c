using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Rotary;

namespace Hypercompress.Models.Transformer;

/// <summary>The needs of a model's layers in a pass, each once.</summary>
/// <param name="Rotaries">The rotations.</param>
/// <param name="Windows">The windows; null for layers that see all tokens.</param>
/// <param name="MasksAlways">Whether even a plain causal pass needs an explicit mask.</param>
internal sealed record PassNeeds(
    ImmutableArray<RotaryEmbedding> Rotaries, ImmutableArray<int?> Windows, bool MasksAlways);
