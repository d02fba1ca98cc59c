using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates.Syntax;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates;

/// <summary>
/// The template of a chat model: turns a conversation into the prompt that the model was trained on. The language is
/// the part of Jinja that such templates use, with the settings of <c>transformers</c> (<c>trim_blocks</c>,
/// <c>lstrip_blocks</c>).
/// </summary>
public sealed class ChatTemplate
{
    private readonly string _name;
    private readonly TemplateRender _body;
    private readonly TimeProvider? _clock;

    /// <summary>Parses a template.</summary>
    /// <param name="source">The Jinja source.</param>
    /// <param name="name">The file that it comes from, for messages.</param>
    /// <param name="clock">What <c>strftime_now</c> reads; null leaves that function undefined, and templates then
    /// write their fixed date.</param>
    /// <exception cref="CheckpointException">The source has an error; the message gives the line.</exception>
    public ChatTemplate(string source, string name, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        _name = name;
        _clock = clock;
        try
        {
            _body = StatementParser.Parse(source);
        }
        catch (TemplateException problem)
        {
            throw new CheckpointException(name, $"chat template, line {problem.Line}: {problem.Message}", problem);
        }
    }

    /// <summary>Writes a conversation as a prompt.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addGenerationPrompt">Whether the opening of the assistant's next turn is written too.</param>
    /// <param name="bosToken">Text of the begin-of-sequence token; null for none.</param>
    /// <param name="eosToken">Text of the end-of-sequence token; null for none.</param>
    /// <param name="variables">More variables that the template knows, such as <c>enable_thinking</c>: null, bool,
    /// long,
    /// double, string.</param>
    /// <returns>The prompt; special tokens are written in it, so encode it without adding more.</returns>
    /// <exception cref="ConfigurationException">The template refuses this conversation.</exception>
    /// <exception cref="CheckpointException">The template fails; the message gives the line.</exception>
    public string Render(
        IReadOnlyList<ChatMessage> messages,
        bool addGenerationPrompt,
        string? bosToken,
        string? eosToken,
        IReadOnlyDictionary<string, object?>? variables = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var scope = new TemplateScope();
        TemplateGlobals.AddTo(scope, _clock);
        foreach (var (key, value) in variables ?? new Dictionary<string, object?>())
        {
            scope.Set(key, value);
        }

        scope.Set("messages", messages.Select(ToValue).ToList());
        scope.Set("add_generation_prompt", addGenerationPrompt);
        scope.Set("tools", null);
        scope.Set("documents", null);
        SetToken(scope, "bos_token", bosToken);
        SetToken(scope, "eos_token", eosToken);
        return Run(scope);
    }

    private static object? ToValue(ChatMessage message) => new TemplateMap
    {
        ["role"] = message.Role,
        ["content"] = message.Content,
    };

    private static void SetToken(TemplateScope scope, string name, string? token)
    {
        if (token is not null)
        {
            scope.Set(name, token);
        }
    }

    private string Run(TemplateScope scope)
    {
        var output = new StringBuilder();
        try
        {
            _body(scope, output);
        }
        catch (TemplateException problem) when (problem.Raised)
        {
            throw new ConfigurationException(
                $"the chat template of {_name} refuses the conversation (line {problem.Line}): {problem.Message}",
                problem);
        }
        catch (TemplateException problem)
        {
            throw new CheckpointException(_name, $"chat template, line {problem.Line}: {problem.Message}", problem);
        }

        return output.ToString();
    }
}
