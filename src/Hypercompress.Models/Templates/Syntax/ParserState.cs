using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>The state that the parsers of statements and expressions share.</summary>
/// <param name="cursor">The tokens.</param>
internal sealed class ParserState(TokenCursor cursor)
{
    private readonly List<HashSet<string>> _nameUses = [];
    private readonly List<TemplateException> _unknown = [];

    /// <summary>The tokens.</summary>
    public TokenCursor Cursor { get; } = cursor;

    /// <summary>
    /// Whether an unknown filter or test fails only when it is reached: inside <c>if</c>, as in Jinja 3.1.
    /// </summary>
    public bool IsConditional { get; set; }

    /// <summary>How many loops are around, for <c>break</c> and <c>continue</c>.</summary>
    public int Loops { get; set; }

    /// <summary>How many unknown filters and tests were met outside of conditions.</summary>
    public int UnknownCount => _unknown.Count;

    /// <summary>Remembers that a filter or test is not known.</summary>
    public void AddUnknown(TemplateException problem)
    {
        if (!IsConditional)
        {
            _unknown.Add(problem);
        }
    }

    /// <summary>Forgets the last unknown ones, because they turned out to be in a condition.</summary>
    /// <param name="count">How many there were before it.</param>
    public void ForgetUnknown(int count) => _unknown.RemoveRange(count, _unknown.Count - count);

    /// <summary>Fails for the first unknown filter or test outside of conditions.</summary>
    /// <exception cref="TemplateException">There is one.</exception>
    public void RequireKnown()
    {
        if (_unknown.Count > 0)
        {
            throw _unknown[0];
        }
    }

    /// <summary>Starts to collect the names that are used.</summary>
    public HashSet<string> StartNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _nameUses.Add(names);
        return names;
    }

    /// <summary>Ends what <see cref="StartNames"/> began.</summary>
    public void EndNames() => _nameUses.RemoveAt(_nameUses.Count - 1);

    /// <summary>Notes that a name is used.</summary>
    public void Use(string name)
    {
        // Only these three change how a macro is called.
        if (name is "caller" or "varargs" or "kwargs")
        {
            _nameUses.ForEach(names => names.Add(name));
        }
    }
}
