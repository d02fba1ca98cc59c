using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>A file with texts as a user names it: <c>FILE</c>, or <c>FILE:COLUMN</c> for a file with fields.</summary>
/// <param name="Path">The file.</param>
/// <param name="Column">
/// The field that holds the text, with dots between the levels of nested ones; null for the usual one.
/// </param>
public readonly record struct TextSource(string Path, string? Column = null)
{
    /// <summary>Takes a name apart; a file that has the whole name comes first.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The source; its file may be missing.</returns>
    /// <exception cref="ConfigurationException">The name is empty.</exception>
    public static TextSource Parse(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ConfigurationException("the name of a text file is empty");
        }

        int colon = name.LastIndexOf(':');
        return colon > 0 && colon < name.Length - 1 && !File.Exists(name) && File.Exists(name[..colon])
            ? new TextSource(name[..colon], name[(colon + 1)..])
            : new TextSource(name);
    }
}
