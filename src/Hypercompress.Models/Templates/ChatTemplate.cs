using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates.Library;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Syntax;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates;

/// <summary>
/// The template of a chat model: turns a conversation into the prompt that the model was trained on. The language is
/// Jinja 3.1 in the sandbox of <c>transformers</c> (<c>trim_blocks</c>, <c>lstrip_blocks</c>, lists and dicts that
/// cannot be changed). A template is a program of a stranger: what it may cost is bounded by the size of its input.
/// </summary>
public sealed class ChatTemplate
{
    private readonly string _name;
    private readonly int _length;
    private readonly TemplateRender _body;
    private readonly TimeProvider? _clock;

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja source.</param>
    /// <param name="name">The file that it comes from, for messages.</param>
    /// <param name="clock">The clock of <c>strftime_now</c>; null leaves that function undefined, and templates then
    /// write their fixed date.</param>
    /// <exception cref="CheckpointException">The source has an error; the message gives the line.</exception>
    public ChatTemplate(string source, string name, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_name, _length, _clock) = (name, source.Length, clock);
        try
        {
            _body = TemplateParser.Parse(source);
        }
        catch (TemplateException problem)
        {
            throw Failure(problem);
        }
    }

    /// <summary>Writes a conversation as a prompt.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the opening of the assistant's next turn is written too.</param>
    /// <param name="bosToken">Text of the begin-of-sequence token; null for none.</param>
    /// <param name="eosToken">Text of the end-of-sequence token; null for none.</param>
    /// <param name="variables">
    /// More variables of the template, such as <c>enable_thinking</c> or <c>pad_token</c>: null, bool, numbers, texts,
    /// JSON, and lists and dictionaries of such.
    /// </param>
    /// <param name="cancellation">Ends the rendering.</param>
    /// <returns>The prompt; special tokens are written in it, so encode it without adding more.</returns>
    /// <exception cref="ConfigurationException">The template refuses this conversation.</exception>
    /// <exception cref="CheckpointException">The template fails; the message gives the line.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public string Render(
        IReadOnlyList<ChatMessage> messages,
        bool addGenerationPrompt,
        string? bosToken,
        string? eosToken,
        IReadOnlyDictionary<string, object?>? variables = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var turns = new JsonArray([.. messages.Select(message =>
            new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]);
        var all = new Dictionary<string, object?>(variables ?? new Dictionary<string, object?>());
        SetToken(all, "bos_token", bosToken);
        SetToken(all, "eos_token", eosToken);
        return Render(turns, addGenerationPrompt, all, cancellation);
    }

    /// <summary>Writes a conversation with everything that JSON can hold, such as tool calls, as a prompt.</summary>
    /// <param name="messages">The turns, oldest first: objects with <c>role</c>, <c>content</c> and more.</param>
    /// <param name="addGenerationPrompt">Whether the opening of the assistant's next turn is written too.</param>
    /// <param name="variables">
    /// The other variables of the template, such as <c>bos_token</c> and <c>tools</c>: null, bool, numbers, texts,
    /// JSON, and lists and dictionaries of such.
    /// </param>
    /// <param name="cancellation">Ends the rendering.</param>
    /// <returns>The prompt; special tokens are written in it, so encode it without adding more.</returns>
    /// <exception cref="ConfigurationException">The template refuses this conversation.</exception>
    /// <exception cref="CheckpointException">The template fails; the message gives the line.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public string Render(
        JsonArray messages,
        bool addGenerationPrompt,
        IReadOnlyDictionary<string, object?>? variables = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var all = new Dictionary<string, object?>
        {
            ["tools"] = null,
            ["documents"] = null,
            ["messages"] = messages,
            ["add_generation_prompt"] = addGenerationPrompt,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, object?>())
        {
            all[name] = value;
        }

        try
        {
            var run = new TemplateRun(_length + all.Values.Sum(TemplateInput.LengthOf), strict: false, cancellation);
            return Run(Scope(all, run));
        }
        catch (TemplateException problem)
        {
            throw Failure(problem);
        }
    }

    private static void SetToken(Dictionary<string, object?> variables, string name, string? token)
    {
        if (token is not null)
        {
            variables[name] = token;
        }
    }

    private TemplateScope Scope(Dictionary<string, object?> variables, TemplateRun run)
    {
        var scope = new TemplateScope(run);
        foreach (var (name, value) in TemplateGlobals.All(_clock))
        {
            scope.Set(name, value);
        }

        foreach (var (name, value) in variables)
        {
            scope.Set(name, TemplateInput.Of(value, run));
        }

        return scope;
    }

    private string Run(TemplateScope scope)
    {
        var output = new StringBuilder();
        _body(scope, output);
        return output.ToString();
    }

    private HypercompressException Failure(TemplateException problem) => problem.Raised
        ? new ConfigurationException(
            $"the chat template of {_name} refuses the conversation (line {problem.Line}): {problem.Message}", problem)
        : new CheckpointException(_name, $"chat template, line {problem.Line}: {problem.Message}", problem);
}
