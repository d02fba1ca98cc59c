using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses the statements of a template into what renders them.</summary>
internal sealed class StatementParser
{
    private readonly ParserState _state;
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private readonly LoopParser _loops;
    private readonly MacroParser _macros;
    private readonly AssignmentParser _assignments;

    /// <param name="state">What the parsers share.</param>
    public StatementParser(ParserState state)
    {
        _state = state;
        _cursor = state.Cursor;
        _expressions = new ExpressionParser(state);
        _loops = new LoopParser(state, _expressions, this);
        _macros = new MacroParser(state, _expressions, this);
        _assignments = new AssignmentParser(state, _expressions, _loops, this);
    }

    /// <summary>Statements up to one of these words, whose opening tag sign is taken.</summary>
    /// <exception cref="TemplateException">A statement is malformed, or the template ends before the word.</exception>
    public TemplateRender ParseBody(params string[] ends)
    {
        _cursor.Enter();
        var statements = new List<TemplateRender>();
        while (_cursor.Current.Kind != TemplateTokenKind.End)
        {
            int line = _cursor.Line;
            var token = _cursor.Take();
            if (token.Kind == TemplateTokenKind.Data)
            {
                statements.Add(Data(token.Text));
            }
            else if (token.Kind == TemplateTokenKind.OutputBegin)
            {
                statements.Add(At(line, ParseOutput()));
            }
            else if (_cursor.Current.Kind == TemplateTokenKind.Name && ends.Contains(_cursor.Current.Text))
            {
                _cursor.Leave();
                return Sequence(statements);
            }
            else
            {
                statements.Add(At(line, ParseStatement()));
            }
        }

        _cursor.Leave();
        return ends.Length == 0
            ? Sequence(statements)
            : throw new TemplateException($"the template ends before '{ends[^1]}'", _cursor.Line);
    }

    /// <summary>The rest of an opening tag, a body, and its closing tag.</summary>
    /// <param name="end">The word of the closing tag.</param>
    /// <param name="inScope">Whether the body is a scope of its own, where conditions outside do not count.</param>
    /// <param name="loops">How many loops <c>break</c> can leave from the body; null for those around it.</param>
    public TemplateRender ParseBlock(string end, bool inScope = true, int? loops = null)
    {
        CloseTag();
        var (conditional, around) = (_state.IsConditional, _state.Loops);
        _state.IsConditional = conditional && !inScope;
        _state.Loops = loops ?? around;
        var body = ParseBody(end);
        (_state.IsConditional, _state.Loops) = (conditional, around);
        _cursor.Take();
        _cursor.Expect(TemplateTokenKind.BlockEnd);
        return body;
    }

    /// <summary>The end of an opening tag; a colon before it is allowed, as in Python.</summary>
    public void CloseTag()
    {
        _cursor.TrySign(":");
        _cursor.Expect(TemplateTokenKind.BlockEnd);
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

    private static TemplateRender Data(string text) => (scope, output) =>
    {
        output.Append(scope.Run.Made(text));
        return TemplateFlow.Normal;
    };

    /// <summary>Counts a step, and gives errors the line of the innermost statement.</summary>
    private static TemplateRender At(int line, TemplateRender statement) => (scope, output) =>
    {
        try
        {
            scope.Run.Step();
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
        return Output(value);
    }

    private static TemplateRender Output(TemplateEvaluate value) => (scope, output) =>
    {
        var written = value(scope);
        if (written is null && scope.Run.Strict)
        {
            throw new TemplateException("what is written out is null");
        }

        output.Append(scope.Run.Made(PythonText.Of(written, scope.Run)));
        return TemplateFlow.Normal;
    };

    private TemplateRender ParseStatement()
    {
        int line = _cursor.Line;
        string word = _cursor.ExpectName();
        return word switch
        {
            "if" => ParseIf(),
            "for" => _loops.Parse(),
            "set" => _assignments.ParseSet(),
            "with" => _assignments.ParseWith(),
            "print" => ParsePrint(),
            "macro" => _macros.ParseMacro(),
            "call" => _macros.ParseCall(),
            "filter" => _assignments.ParseFilterBlock(),
            // Marks what the model says, for training; it renders as its content.
            "generation" => Scoped(ParseBlock("endgeneration", loops: 0)),
            "break" => ParseJump(TemplateFlow.Break, line),
            "continue" => ParseJump(TemplateFlow.Continue, line),
            "include" or "import" or "from" or "extends" or "block" => throw new TemplateException(
                $"the statement '{word}' is not supported: a chat template is one file and takes no other", line),
            _ => throw new TemplateException($"the statement '{word}' is not supported", line),
        };
    }

    private TemplateRender ParseJump(TemplateFlow flow, int line)
    {
        _cursor.Expect(TemplateTokenKind.BlockEnd);
        return _state.Loops > 0
            ? (_, _) => flow
            : throw new TemplateException("'break' and 'continue' are only allowed inside a loop", line);
    }

    private TemplateRender ParsePrint()
    {
        var values = new List<TemplateRender>();
        while (_cursor.Current.Kind != TemplateTokenKind.BlockEnd)
        {
            if (values.Count > 0)
            {
                _cursor.ExpectSign(",");
            }

            values.Add(Output(_expressions.Parse()));
        }

        _cursor.Expect(TemplateTokenKind.BlockEnd);
        return Sequence(values);
    }

    private TemplateRender ParseIf()
    {
        bool conditional = _state.IsConditional;
        _state.IsConditional = true;
        var branches = new List<(TemplateEvaluate Condition, TemplateRender Body)>();
        do
        {
            var condition = _expressions.ParseTuple(withCondition: false);
            CloseTag();
            branches.Add((condition, ParseBody("elif", "else", "endif")));
        }
        while (_cursor.TryName("elif"));
        TemplateRender? otherwise = _cursor.TryName("else") ? ParseBlock("endif", inScope: false) : null;
        if (otherwise is null)
        {
            _cursor.ExpectName("endif");
            _cursor.Expect(TemplateTokenKind.BlockEnd);
        }

        _state.IsConditional = conditional;
        return (scope, output) =>
        {
            foreach (var (condition, body) in branches)
            {
                if (PythonTruth.IsTrue(condition(scope)))
                {
                    return body(scope, output);
                }
            }

            return otherwise?.Invoke(scope, output) ?? TemplateFlow.Normal;
        };
    }

    private static TemplateRender Scoped(TemplateRender body) => (scope, output) => body(scope.Inner(), output);
}
