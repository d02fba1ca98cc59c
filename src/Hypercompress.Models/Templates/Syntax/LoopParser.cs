using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses <c>for</c> statements, and what values are assigned to.</summary>
/// <param name="state">What the parsers share.</param>
/// <param name="expressions">Parses the source and the condition.</param>
/// <param name="statements">Parses the body.</param>
internal sealed class LoopParser(ParserState state, ExpressionParser expressions, StatementParser statements)
{
    private readonly TokenCursor _cursor = state.Cursor;

    /// <summary>A loop, after its first word.</summary>
    public TemplateRender Parse()
    {
        var target = ParseTarget("in");
        _cursor.ExpectName("in");
        var source = expressions.ParseTuple(withCondition: false, end: "recursive");
        bool conditional = state.IsConditional;
        state.IsConditional = false;
        var condition = _cursor.TryName("if") ? expressions.Parse() : null;
        bool recursive = _cursor.TryName("recursive");
        statements.CloseTag();
        state.Loops++;
        var body = statements.ParseBody("else", "endfor");
        state.Loops--;
        TemplateRender? otherwise = _cursor.TryName("else") ? statements.ParseBlock("endfor") : null;
        if (otherwise is null)
        {
            _cursor.ExpectName("endfor");
            _cursor.Expect(TemplateTokenKind.BlockEnd);
        }

        state.IsConditional = conditional;
        return new TemplateLoop
        {
            Target = target,
            Source = source,
            Condition = condition,
            Recursive = recursive,
            Body = body,
            Otherwise = otherwise,
        }.Render;
    }

    /// <summary>One target, or several with commas between.</summary>
    /// <param name="end">The word or sign after the targets; null where only one is allowed.</param>
    /// <param name="withNamespace">Whether an attribute of a namespace is allowed.</param>
    /// <exception cref="TemplateException">Something else is there.</exception>
    public AssignmentTarget ParseTarget(string? end, bool withNamespace = false)
    {
        if (withNamespace && _cursor.NextIsSign("."))
        {
            string name = _cursor.ExpectName();
            _cursor.ExpectSign(".");
            return new AssignmentTarget(name, _cursor.ExpectName(), []);
        }

        var parts = new List<AssignmentTarget> { ParseOne(end) };
        bool several = false;
        while (end is not null && _cursor.TrySign(","))
        {
            several = true;
            if (end != "=" && (_cursor.IsName(end) || _cursor.IsSign(end)))
            {
                break;
            }

            parts.Add(ParseOne(end));
        }

        return several ? new AssignmentTarget(null, null, parts) : parts[0];
    }

    private AssignmentTarget ParseOne(string? end)
    {
        if (_cursor.TrySign("("))
        {
            _cursor.Enter();
            var inner = ParseTarget(")");
            _cursor.ExpectSign(")");
            _cursor.Leave();
            return inner;
        }

        int line = _cursor.Line;
        string name = _cursor.ExpectName();
        if (name == "loop" && (end == "in" || state.Loops > 0))
        {
            throw new TemplateException("'loop' cannot be assigned to in a loop", line);
        }

        return name is "true" or "false" or "none" or "True" or "False" or "None"
            ? throw new TemplateException($"'{name}' cannot be assigned to", line)
            : new AssignmentTarget(name, null, []);
    }
}
