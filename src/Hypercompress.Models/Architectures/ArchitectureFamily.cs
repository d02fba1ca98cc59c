using Hypercompress.Models.Architectures.Llama;

namespace Hypercompress.Models.Architectures;

/// <summary>A family of decoders, as data: how its checkpoints name and lay out what every decoder here has.</summary>
/// <param name="ModelType">The <c>model_type</c> of its Hugging Face configuration.</param>
/// <param name="ModelClass">The class that Hugging Face transformers runs it with.</param>
/// <param name="GgufArchitecture">The <c>general.architecture</c> of its GGUF files.</param>
/// <param name="HuggingFaceKeys">Names in Hugging Face checkpoints.</param>
/// <param name="GgufKeys">Names in GGUF files.</param>
/// <param name="GgufInterleavesRotary">
/// Whether GGUF files hold the query and key rows in the order of interleaved rotary pairs, so that reading them has to
/// bring the two halves of each head back together.
/// </param>
public sealed record ArchitectureFamily(
    string ModelType,
    string ModelClass,
    string GgufArchitecture,
    KeyMap HuggingFaceKeys,
    KeyMap GgufKeys,
    bool GgufInterleavesRotary)
{
    /// <summary>All supported families.</summary>
    public static IReadOnlyList<ArchitectureFamily> All { get; } = [LlamaFamily.Family];

    /// <summary>Finds a family by its <c>model_type</c>.</summary>
    /// <param name="modelType">Such as <c>llama</c>.</param>
    /// <returns>The family, or null when it is not supported.</returns>
    public static ArchitectureFamily? ByModelType(string modelType) =>
        All.FirstOrDefault(family => family.ModelType == modelType);

    /// <summary>Finds a family by the <c>general.architecture</c> of a GGUF file.</summary>
    /// <param name="architecture">Such as <c>llama</c>.</param>
    /// <returns>The family, or null when it is not supported.</returns>
    public static ArchitectureFamily? ByGgufArchitecture(string architecture) =>
        All.FirstOrDefault(family => family.GgufArchitecture == architecture);
}
