using System.Collections.Immutable;
using System.CommandLine;

namespace Hypercompress.Cli.Parsing;

/// <summary>A command of the program with the examples that its help shows.</summary>
/// <param name="name">The word that is typed.</param>
/// <param name="description">One sentence that says what the command does.</param>
/// <param name="examples">Command lines without the program's name, such as <c>verify small</c>.</param>
internal sealed class Verb(string name, string description, params ImmutableArray<string> examples)
    : Command(name, description)
{
    /// <summary>Command lines that can be typed as they are, without the program's name.</summary>
    public ImmutableArray<string> Examples { get; } = examples;
}
