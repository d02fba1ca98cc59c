using System.Text;
using System.Text.Json;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>A configuration with every key and what it does, in which some keys get other values.</summary>
internal sealed class CommentedRecipe
{
    private const int Indentation = 2;
    private readonly List<string> _lines;

    /// <summary>Begins with the defaults.</summary>
    /// <param name="defaults">YAML of one key a line, every level two spaces deeper.</param>
    public CommentedRecipe(string defaults) => _lines = [.. defaults.TrimEnd().Split('\n')];

    /// <summary>Gives a key another value; its comment stays.</summary>
    /// <param name="path">Dotted path.</param>
    /// <param name="value">A YAML scalar or list.</param>
    /// <exception cref="ArgumentException">The configuration has no such key.</exception>
    public void Set(string path, string value)
    {
        var sections = new List<string>();
        for (int i = 0; i < _lines.Count; i++)
        {
            string line = _lines[i];
            int depth = line.Length - line.TrimStart().Length;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            sections.RemoveRange(depth / Indentation, sections.Count - (depth / Indentation));
            sections.Add(line[depth..colon]);
            if (string.Join('.', sections) == path)
            {
                _lines[i] = WithValue(line, colon, value);
                return;
            }
        }

        throw new ArgumentException($"the configuration has no key {path}", nameof(path));
    }

    /// <summary>Spells a list of texts.</summary>
    /// <param name="texts">The texts.</param>
    public static string ListOf(IEnumerable<string> texts) =>
        $"[{string.Join(", ", texts.Select(text => JsonSerializer.Serialize(text, PlainJson.Compact)))}]";

    /// <summary>The whole file.</summary>
    /// <param name="command">How it is used.</param>
    public string Text(string command)
    {
        var text = new StringBuilder();
        text.Append("# Use it with: ").Append(command).Append('\n');
        foreach (string line in _lines)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string WithValue(string line, int colon, string value)
    {
        int comment = line.IndexOf(" #", colon, StringComparison.Ordinal);
        string head = $"{line[..colon]}: {value}";
        return comment < 0 ? head : $"{head.PadRight(comment)} {line[(comment + 1)..]}";
    }
}
