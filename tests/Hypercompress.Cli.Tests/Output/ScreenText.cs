using System.Text;

namespace Hypercompress.Cli.Tests.Output;

/// <summary>The screen of a terminal after it was sent a text: carriage returns go back to the start.</summary>
internal sealed class ScreenText(int width) : StringWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>The lines on the screen, without spaces at their ends.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var lines = new List<StringBuilder> { new() };
            int column = 0;
            foreach (char sign in ToString())
            {
                if (sign is '\n' or '\r')
                {
                    column = 0;
                    if (sign == '\n')
                    {
                        lines.Add(new StringBuilder());
                    }

                    continue;
                }

                if (column == width)
                {
                    lines.Add(new StringBuilder());
                    column = 0;
                }

                StringBuilder line = lines[^1];
                line.Append(' ', Math.Max(0, column + 1 - line.Length));
                line[column++] = sign;
            }

            return [.. lines.Select(line => line.ToString().TrimEnd()).Where(line => line.Length > 0)];
        }
    }
}
