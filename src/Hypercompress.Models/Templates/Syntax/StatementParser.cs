using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses the statements of a template into what renders them.</summary>
internal sealed class StatementParser
{
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private readonly bool _strict;

    private StatementParser(TokenCursor cursor, bool strict)
    {
        _cursor = cursor;
        _expressions = new ExpressionParser(cursor);
        _strict = strict;
    }

    /// <param name="source">The template.</param>
    /// <param name="strict">Whether writing out what is not there is an error.</param>
    /// <exception cref="TemplateException">The template is malformed or uses what is not supported.</exception>
    public static TemplateRender Parse(string source, bool strict = false)
    {
        var cursor = new TokenCursor(TemplateLexer.Tokenize(source));
        var body = new StatementParser(cursor, strict).ParseBody();
        return cursor.Current.Kind == TemplateTokenKind.End
            ? body
            : throw new TemplateException($"'{cursor.Current.Text}' closes nothing", cursor.Line);
    }

    /// <summary>Statements up to one of these words, whose opening tag sign is taken.</summary>
    private TemplateRender ParseBody(params string[] ends)
    {
        _cursor.Enter();
        var statements = new List<TemplateRender>();
        while (_cursor.Current.Kind != TemplateTokenKind.End)
        {
            int line = _cursor.Line;
            var token = _cursor.Take();
            if (token.Kind == TemplateTokenKind.BlockBegin)
            {
                if (_cursor.Current.Kind == TemplateTokenKind.Name && ends.Contains(_cursor.Current.Text))
                {
                    _cursor.Leave();
                    return Sequence(statements);
                }

                statements.Add(At(line, ParseStatement()));
            }
            else
            {
                statements.Add(token.Kind == TemplateTokenKind.Data ? Data(token.Text) : At(line, ParseOutput()));
            }
        }

        _cursor.Leave();
        return ends.Length == 0
            ? Sequence(statements)
            : throw new TemplateException($"the template ends before '{ends[^1]}'", _cursor.Line);
    }

    private static TemplateRender Sequence(List<TemplateRender> statements) => (scope, output) =>
    {
        foreach (var statement in statements)
        {
            if (statement(scope, output) is var flow and not TemplateFlow.Normal)
            {
                return flow;
            }
        }

        return TemplateFlow.Normal;
    };

    private static TemplateRender Data(string text) => (_, output) =>
    {
        output.Append(text);
        return TemplateFlow.Normal;
    };

    /// <summary>Gives errors the line of the innermost statement.</summary>
    private static TemplateRender At(int line, TemplateRender statement) => (scope, output) =>
    {
        try
        {
            return statement(scope, output);
        }
        catch (TemplateException problem) when (problem.Line == 0)
        {
            throw new TemplateException(problem.Message, line, problem.Raised);
        }
    };

    private TemplateRender ParseOutput()
    {
        var value = _expressions.ParseTuple();
        _cursor.Expect(TemplateTokenKind.OutputEnd);
        bool strict = _strict;
        return (scope, output) =>
        {
            output.Append(value(scope) is var written && strict && written is null or Undefined { Name: null }
                ? throw new TemplateException(written is null ? "what is written out is null" : "what is written out is not there")
                : TemplateValues.Text(written));
            return TemplateFlow.Normal;
        };
    }

    private TemplateRender ParseStatement()
    {
        int line = _cursor.Line;
        string word = _cursor.ExpectName();
        return word switch
        {
            "if" => ParseIf(),
            "for" => ParseFor(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "filter" => ParseFilterBlock(),
            // Marks what the model says, for training; it renders as its content.
            "generation" => ParsePlainBlock("endgeneration"),
            "break" => ParseJump(TemplateFlow.Break),
            "continue" => ParseJump(TemplateFlow.Continue),
            _ => throw new TemplateException($"the statement '{word}' is not supported", line),
        };
    }

    private void CloseTag() => _cursor.Expect(TemplateTokenKind.BlockEnd);

    private TemplateRender CloseBlock(TemplateRender body)
    {
        _cursor.Take();
        CloseTag();
        return body;
    }

    private TemplateRender ParseJump(TemplateFlow flow)
    {
        CloseTag();
        return (_, _) => flow;
    }

    private TemplateRender ParsePlainBlock(string end)
    {
        CloseTag();
        return CloseBlock(ParseBody(end));
    }

    private TemplateRender ParseIf()
    {
        var condition = _expressions.ParseTuple();
        CloseTag();
        var body = ParseBody("elif", "else", "endif");
        TemplateRender otherwise;
        if (_cursor.TryName("elif"))
        {
            _cursor.Enter();
            otherwise = ParseIf();
            _cursor.Leave();
        }
        else if (_cursor.TryName("else"))
        {
            otherwise = ParsePlainBlock("endif");
        }
        else
        {
            otherwise = CloseBlock((_, _) => TemplateFlow.Normal);
        }

        return (scope, output) =>
            TemplateValues.IsTrue(condition(scope)) ? body(scope, output) : otherwise(scope, output);
    }

    private TemplateRender ParseFor()
    {
        var names = ParseTargets();
        _cursor.ExpectName("in");
        var source = _expressions.ParseOr();
        var condition = _cursor.TryName("if") ? _expressions.Parse() : null;
        CloseTag();
        var body = ParseBody("else", "endfor");
        TemplateRender? otherwise = _cursor.TryName("else") ? ParsePlainBlock("endfor") : null;
        if (otherwise is null)
        {
            CloseBlock(body);
        }

        var loop = new TemplateLoop(names, source, condition, body, otherwise);
        return loop.Render;
    }

    private List<string> ParseTargets()
    {
        bool parentheses = _cursor.TrySign("(");
        var names = new List<string> { _cursor.ExpectName() };
        while (_cursor.TrySign(","))
        {
            names.Add(_cursor.ExpectName());
        }

        if (parentheses)
        {
            _cursor.ExpectSign(")");
        }

        return names;
    }

    private TemplateRender ParseSet()
    {
        var names = ParseTargets();
        string? member = names.Count == 1 && _cursor.TrySign(".") ? _cursor.ExpectName() : null;
        TemplateEvaluate value;
        if (_cursor.TrySign("="))
        {
            value = _expressions.ParseTuple();
            CloseTag();
        }
        else
        {
            value = Captured(ParsePlainBlock("endset"));
        }

        return (scope, _) =>
        {
            TemplateLoop.Assign(scope, names, member, value(scope));
            return TemplateFlow.Normal;
        };
    }

    private static TemplateEvaluate Captured(TemplateRender body) => scope =>
    {
        var output = new StringBuilder();
        body(scope.Inner(), output);
        return output.ToString();
    };

    private TemplateRender ParseFilterBlock()
    {
        var filter = _expressions.ParseFilter(scope => scope.Get("filter body"));
        CloseTag();
        var body = Captured(CloseBlock(ParseBody("endfilter")));
        return (scope, output) =>
        {
            var inner = scope.Inner();
            inner.Set("filter body", body(scope));
            output.Append(TemplateValues.Text(filter(inner)));
            return TemplateFlow.Normal;
        };
    }

    private TemplateRender ParseMacro()
    {
        string name = _cursor.ExpectName();
        var parameters = ParseParameters();
        var body = ParsePlainBlock("endmacro");
        return (scope, _) =>
        {
            scope.Set(name, new TemplateMacro(scope, parameters, body).Callable);
            return TemplateFlow.Normal;
        };
    }

    private List<(string Name, TemplateEvaluate Absent)> ParseParameters()
    {
        var parameters = new List<(string, TemplateEvaluate)>();
        _cursor.ExpectSign("(");
        while (!_cursor.TrySign(")"))
        {
            string name = _cursor.ExpectName();
            parameters.Add((name, _cursor.TrySign("=") ? _expressions.Parse() : _ => Undefined.Value));
            if (!_cursor.IsSign(")"))
            {
                _cursor.ExpectSign(",");
            }
        }

        return parameters;
    }
}
