namespace Hypercompress.Models.Architectures.Families;

/// <summary>The registry of architecture families.</summary>
public static class ArchitectureFamilies
{
    /// <summary>All supported families.</summary>
    public static IReadOnlyList<ArchitectureFamily> All { get; } =
    [
        LlamaFamilies.Llama, LlamaFamilies.Mistral, LlamaFamilies.SmolLm3, QwenFamilies.Qwen2, QwenFamilies.Qwen3,
        Gpt2Family.Family, GptNeoXFamily.Family, Phi3Family.Family, GemmaFamilies.Gemma2, GemmaFamilies.Gemma3,
        Olmo2Family.Family,
    ];

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
