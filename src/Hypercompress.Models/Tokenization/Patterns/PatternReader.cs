namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>Reads <c>{"String": …}</c> and <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonPart part)
    {
        if (part.OptionalText("String") is { } literal)
        {
            return literal.Length > 0 ? new LiteralPattern(literal) : throw part.Problem("is an empty string");
        }

        string regex = part.OptionalText("Regex") ?? throw part.Problem("has neither 'String' nor 'Regex'");
        try
        {
            return new RegexPattern(regex, part.File);
        }
        catch (ArgumentException problem)
        {
            throw part.Problem(
                $"has the regular expression '{regex}', which cannot be used: {problem.Message}", problem);
        }
    }
}
