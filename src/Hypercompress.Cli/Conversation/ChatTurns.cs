using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli.Conversation;

/// <summary>
/// The turns of a conversation; with a model that has no chat template, the pieces of one text that grows.
/// </summary>
internal sealed class ChatTurns
{
    private readonly ITokenizer _tokenizer;
    private readonly ChatEncoder? _encoder;
    private readonly TextGenerator _generator;
    private readonly SamplingOptions _sampling;
    private readonly List<ChatMessage> _messages = [];
    private readonly int _fixed;

    /// <summary>Begins a conversation.</summary>
    /// <param name="running">The model.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="system">What the model is told before the first message; null for nothing.</param>
    /// <exception cref="ConfigurationException">The model has no tokenizer.</exception>
    public ChatTurns(RunningModel running, SamplingOptions sampling, string? system)
    {
        (_generator, _sampling) = (running.Generator(), sampling);
        _tokenizer = running.Text.RequireTokenizer();
        var encoder = new ChatEncoder(_tokenizer, running.Location, TimeProvider.System);
        _encoder = encoder.HasTemplate ? encoder : null;
        if (system is not null)
        {
            _messages.Add(new ChatMessage("system", system));
        }

        _fixed = _messages.Count;
    }

    /// <summary>Whether the model has no chat template, and continues texts.</summary>
    public bool Continues => _encoder is null;

    /// <summary>The last reply; null before the first.</summary>
    public GenerationResult? Last { get; private set; }

    /// <summary>Messages of the user that were answered.</summary>
    public int Answered => (_messages.Count - _fixed) / 2;

    /// <summary>Answers a message. A reply that is stopped is kept as far as it came.</summary>
    /// <param name="message">The message.</param>
    /// <param name="onText">Gets the reply piece by piece as it comes.</param>
    /// <param name="cancellation">Stops the reply.</param>
    /// <returns>False when the reply was stopped.</returns>
    /// <exception cref="ConfigurationException">The conversation is longer than the model takes.</exception>
    public bool Answer(string message, Action<string> onText, CancellationToken cancellation)
    {
        int[] prompt = Encode([.. _messages, new ChatMessage("user", message)]);
        var reply = new StringBuilder();
        bool isWhole = true;
        try
        {
            Last = _generator.Generate(prompt, _sampling, Show, cancellation);
        }
        catch (OperationCanceledException)
        {
            isWhole = false;
        }

        _messages.AddRange([new ChatMessage("user", message), new ChatMessage("assistant", reply.ToString())]);
        return isWhole;

        void Show(string text)
        {
            reply.Append(text);
            onText(text);
        }
    }

    /// <summary>Forgets all messages but the first instruction.</summary>
    public void Reset()
    {
        _messages.RemoveRange(_fixed, _messages.Count - _fixed);
        Last = null;
    }

    private int[] Encode(IReadOnlyList<ChatMessage> messages) =>
        _encoder?.Encode(messages) ?? _tokenizer.EncodePrompt(string.Concat(messages.Select(part => part.Content)));
}
