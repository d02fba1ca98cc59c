using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>A small model that proposes tokens to a larger one.</summary>
/// <param name="Text">Its text side.</param>
/// <param name="Engine">Its decoder; stays the caller's.</param>
/// <param name="Proposals">Tokens that it proposes at a time, 1 to 6; 4 unless stated.</param>
public sealed record Draft(ModelText Text, IntegerDecoder Engine, int Proposals = 4)
{
    /// <summary>The most tokens that are proposed at a time.</summary>
    /// <remarks>From eight tokens on a pass rounds otherwise, and texts would not be the same to the bit.</remarks>
    public const int MostProposals = 6;

    /// <summary>Checks that it speaks of the same tokens.</summary>
    /// <param name="model">The model that it proposes to.</param>
    /// <exception cref="ConfigurationException">It has another vocabulary, or a number is out of range.</exception>
    public void Validate(ModelText model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Proposals is < 1 or > MostProposals)
        {
            throw new ConfigurationException($"a draft proposes 1 to {MostProposals} tokens, found {Proposals}");
        }

        if (Text.Config.VocabularySize != model.Config.VocabularySize
            || SharedTokens.Difference(Text.Tokenizer, model.Tokenizer) is not null)
        {
            throw new ConfigurationException(
                $"the draft {Text.Label} has another vocabulary than {model.Label}; give one that was compressed from "
                + "it");
        }
    }
}
