using Hypercompress.Artifacts;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli.Commands;

/// <summary>Models whose probabilities are compared token by token must have the same tokens.</summary>
internal static class ComparableModels
{
    /// <summary>Refuses a teacher of other tokens.</summary>
    /// <param name="teacher">The teacher.</param>
    /// <param name="model">The model beside it.</param>
    /// <exception cref="ConfigurationException">A token differs.</exception>
    public static void Require(OpenModel teacher, OpenModel model)
    {
        if (SharedTokens.Difference(teacher.Model.Tokenizer, model.Model.Tokenizer) is { } difference)
        {
            throw new ConfigurationException(
                $"--teacher: {teacher.Location} and {model.Location} have different tokenizers ({difference}), and "
                + "predictions are compared token by token; give a teacher with the same tokenizer");
        }
    }
}
