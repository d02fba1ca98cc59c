using System.Text;
using Hypercompress.Models.Templates.Library;
using Hypercompress.Models.Templates.Members;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses what binary operators join: signs, literals, members, calls, filters and tests.</summary>
/// <param name="state">What the parsers share.</param>
/// <param name="expressions">Parses what is in brackets.</param>
internal sealed class OperandParser(ParserState state, ExpressionParser expressions)
{
    private readonly TokenCursor _cursor = state.Cursor;
    private readonly LiteralParser _literals = new(state, expressions);
    private readonly ArgumentParser _arguments = new(state.Cursor, expressions);

    /// <summary>An operand with its filters and tests.</summary>
    public TemplateEvaluate Parse()
    {
        var value = ParseSigned();
        int links = 0;
        while (true)
        {
            _cursor.Link(ref links);
            if (_cursor.TrySign("|"))
            {
                value = ParseFilter(value);
            }
            else if (_cursor.TryName("is"))
            {
                value = ParseTest(value);
            }
            else if (_cursor.IsSign("("))
            {
                value = ExpressionParser.Node(new CallExpression(value, _arguments.Parse()).Evaluate);
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>A filter after its bar.</summary>
    public TemplateEvaluate ParseFilter(TemplateEvaluate target)
    {
        int line = _cursor.Line;
        string name = ParseDottedName();
        var filter = FilterCatalog.Find(name);
        if (filter is null)
        {
            state.AddUnknown(new TemplateException($"the filter '{name}' is not known", line));
        }

        var arguments = _cursor.IsSign("(") ? _arguments.Parse() : ArgumentParser.None;
        return ExpressionParser.Node(scope => filter is null
            ? throw new TemplateException($"the filter '{name}' is not known", line)
            : filter.Apply(name, target(scope), arguments(scope)));
    }

    /// <summary>An expression that has to be a call.</summary>
    /// <exception cref="TemplateException">It is not a call.</exception>
    public CallExpression ParseCallExpression()
    {
        int line = _cursor.Line;
        ParsePostfix(_literals.Parse(), out var call);
        return call ?? throw new TemplateException("a call block calls a macro or function", line);
    }

    private TemplateEvaluate ParseSigned()
    {
        if (!_cursor.IsSign("-") && !_cursor.IsSign("+"))
        {
            return ParsePostfix(_literals.Parse(), out _);
        }

        string sign = _cursor.Take().Text;
        _cursor.Enter();
        var operand = ParseSigned();
        _cursor.Leave();
        return ExpressionParser.Node(scope => PythonArithmetic.Sign(sign, operand(scope), scope.Run));
    }

    /// <summary>Members and calls after a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="call">The last of them where it is a call; otherwise null.</param>
    private TemplateEvaluate ParsePostfix(TemplateEvaluate value, out CallExpression? call)
    {
        call = null;
        int links = 0;
        while (true)
        {
            _cursor.Link(ref links);
            if (_cursor.TrySign("."))
            {
                (value, call) = (ParseAttribute(value), null);
            }
            else if (_cursor.TrySign("["))
            {
                (value, call) = (ParseSubscript(value), null);
            }
            else if (_cursor.IsSign("("))
            {
                call = new CallExpression(value, _arguments.Parse());
                value = ExpressionParser.Node(call.Evaluate);
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateEvaluate ParseAttribute(TemplateEvaluate target)
    {
        if (_cursor.Current.Kind == TemplateTokenKind.Integer)
        {
            var token = _cursor.Take();
            object place = NumberLiteral.Whole(token.Text, token.Line);
            return ExpressionParser.Node(scope => TemplateMembers.Item(target(scope), place, scope.Run));
        }

        string name = _cursor.ExpectName();
        return ExpressionParser.Node(scope => TemplateMembers.Attribute(target(scope), name, scope.Run));
    }

    private TemplateEvaluate ParseSubscript(TemplateEvaluate target)
    {
        var keys = new List<TemplateEvaluate>();
        while (!_cursor.TrySign("]"))
        {
            if (keys.Count > 0)
            {
                _cursor.ExpectSign(",");
            }

            keys.Add(ParseKey());
        }

        var key = keys.Count == 1
            ? keys[0]
            : scope => new TemplateTuple(keys.ConvertAll(part => part(scope)));
        return ExpressionParser.Node(scope => Item(target(scope), key(scope), scope.Run));
    }

    private static object? Item(object? target, object? key, TemplateRun run)
    {
        if (key is not SliceBounds bounds)
        {
            return TemplateMembers.Item(target, key, run);
        }

        PythonTypes.RequireDefined(target);
        return PythonSlices.Slice(target, bounds, run)
            ?? throw new TemplateException($"a value of type {PythonTypes.NameOf(target)} has no slices");
    }

    private TemplateEvaluate ParseKey()
    {
        var first = _cursor.IsSign(":") ? None : expressions.Parse();
        if (!_cursor.TrySign(":"))
        {
            return first;
        }

        var second = ParseBound();
        var third = _cursor.TrySign(":") ? ParseBound() : None;
        return scope => new SliceBounds(first(scope), second(scope), third(scope));
    }

    private TemplateEvaluate ParseBound() =>
        _cursor.IsSign(":") || _cursor.IsSign("]") || _cursor.IsSign(",") ? None : expressions.Parse();

    private static object? None(TemplateScope scope) => null;

    private string ParseDottedName()
    {
        var name = new StringBuilder(_cursor.ExpectName());
        while (_cursor.TrySign("."))
        {
            name.Append('.').Append(_cursor.ExpectName());
        }

        return name.ToString();
    }

    private TemplateEvaluate ParseTest(TemplateEvaluate target)
    {
        bool negated = _cursor.TryName("not");
        int line = _cursor.Line;
        string name = ParseDottedName();
        var test = TestCatalog.Find(name);
        if (test is null)
        {
            state.AddUnknown(new TemplateException($"the test '{name}' is not known", line));
        }

        var arguments = ParseTestArguments();
        return ExpressionParser.Node(scope => test is null
            ? throw new TemplateException($"the test '{name}' is not known", line)
            : test(target(scope), arguments(scope)) != negated);
    }

    private Func<TemplateScope, TemplateArguments> ParseTestArguments()
    {
        if (_cursor.IsSign("("))
        {
            return _arguments.Parse();
        }

        if (!StartsOperand())
        {
            return ArgumentParser.None;
        }

        if (_cursor.IsName("is"))
        {
            throw new TemplateException("a test cannot follow a test", _cursor.Line);
        }

        var operand = ParsePostfix(_literals.Parse(), out _);
        return scope => new TemplateArguments(scope.Run, operand(scope));
    }

    private bool StartsOperand() => _cursor.Current.Kind switch
    {
        TemplateTokenKind.Text or TemplateTokenKind.Integer or TemplateTokenKind.Real => true,
        TemplateTokenKind.Sign => _cursor.Current.Text is "[" or "{",
        TemplateTokenKind.Name => _cursor.Current.Text is not ("else" or "or" or "and"),
        _ => false,
    };
}
