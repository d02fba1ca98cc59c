using System.CommandLine;
using System.CommandLine.Parsing;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Parsing;

/// <summary>Refuses options that would be ignored, since what they belong to was not given.</summary>
internal static class Companion
{
    /// <summary>Checks options that mean something together with another one only.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="other">The other one, as it is typed.</param>
    /// <param name="isGiven">Whether it was typed.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ConfigurationException">One of them was typed, and the other one was not.</exception>
    public static void Require(ParseResult parsed, string other, bool isGiven, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            if (!isGiven && parsed.GetResult(option) is { Implicit: false })
            {
                throw new ConfigurationException(
                    $"{option.Name} does nothing without {other}: give {other} as well, or leave {option.Name} out");
            }
        }
    }
}
