using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.PostProcessors;

namespace Hypercompress.Models.Tokenization.Loading;

/// <summary>
/// The special tokens that <c>add_bos_token</c> and <c>add_eos_token</c> of <c>tokenizer_config.json</c> put around a
/// text. As in transformers 5, either of them replaces the post-processor of <c>tokenizer.json</c>, whatever the class
/// of the tokenizer is.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="bos">The id of the begin-of-sequence token; null for none.</param>
/// <param name="eos">The id of the end-of-sequence token; null for none.</param>
internal sealed class SurroundingTokens(TokenizerSettings settings, int? bos, int? eos)
{
    /// <summary>The post-processor, or null where the settings say nothing about it.</summary>
    /// <param name="root">The content of <c>tokenizer.json</c>, for messages.</param>
    /// <exception cref="CheckpointException">The vocabulary lacks a token that is to be added.</exception>
    public TemplatePostProcessor? ToTemplate(JsonPart root)
    {
        if (settings.AddBosToken is null && settings.AddEosToken is null)
        {
            return null;
        }

        int[] before = Ids(settings.AddBosToken ?? AddsBosByDefault, settings.BosToken, bos, "bos", root);
        int[] after = Ids(settings.AddEosToken ?? false, settings.EosToken, eos, "eos", root);
        return new TemplatePostProcessor([before, null, after], root.File);
    }

    // The classes of Llama and Gemma add it unless they are told not to.
    private bool AddsBosByDefault => settings.TokenizerClass is "LlamaTokenizer" or "LlamaTokenizerFast"
        or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast" or "GemmaTokenizer" or "GemmaTokenizerFast";

    // A token that has no name is not added.
    private static int[] Ids(bool wanted, string? text, int? id, string name, JsonPart root) =>
        !wanted || text is null ? [] : [id ?? throw root.Problem(
            $"has no token '{text}', which tokenizer_config.json names as its {name}_token and asks for with "
            + $"add_{name}_token")];
}
