namespace Hypercompress.Models.Templates.Syntax;

/// <summary>The line of a position in a source.</summary>
/// <param name="source">The source, with <c>\n</c> as line break.</param>
internal sealed class LineCounter(string source)
{
    private int _line = 1;
    private int _counted;

    /// <summary>The 1-based line of a position.</summary>
    public int At(int position)
    {
        if (position >= _counted)
        {
            // Positions mostly grow, so every character is counted once.
            _line += source.AsSpan(_counted, position - _counted).Count('\n');
            _counted = position;
            return _line;
        }

        return _line - source.AsSpan(position, _counted - position).Count('\n');
    }
}
