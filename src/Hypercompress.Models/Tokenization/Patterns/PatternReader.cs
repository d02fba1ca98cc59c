namespace Hypercompress.Models.Tokenization.Patterns;

/// <summary>Reads <c>{"String": …}</c> and <c>{"Regex": …}</c>.</summary>
internal static class PatternReader
{
    public static ITextPattern Read(JsonPart part)
    {
        if (part.OptionalText("String") is { } literal)
        {
            return new LiteralPattern(literal);
        }

        string regex = part.OptionalText("Regex") ?? throw part.Problem("has neither 'String' nor 'Regex'");
        try
        {
            return new RegexPattern(regex, part.File);
        }
        catch (ArgumentException problem)
        {
            throw part.Problem($"has the regular expression '{RegexPattern.Shortened(regex)}', which cannot be used: "
                + problem.Message, problem);
        }
    }
}
