using System.Text;

namespace Hypercompress.Cli.Tests;

/// <summary>Splits a command line as a shell does: spaces, quotes, comments and backslashes at line ends.</summary>
internal static class ShellWords
{
    /// <summary>The words of one command.</summary>
    public static string[] Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isOpen = false;
        char quote = '\0';
        foreach (char character in line.ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal))
        {
            if (quote == '\0' && character == '#' && !isOpen)
            {
                break;
            }

            if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is ('"' or '\''))
            {
                (quote, isOpen) = (character, true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                isOpen = false;
            }
            else
            {
                word.Append(character);
                isOpen = true;
            }
        }

        return isOpen ? [.. words, word.ToString()] : [.. words];
    }
}
