using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Generation;

/// <summary>Turns a conversation into the prompt that a chat model was trained on.</summary>
/// <param name="tokenizer">The model's tokenizer, whose settings have the chat template.</param>
/// <param name="name">Name of the model, for messages.</param>
/// <param name="clock">The clock of templates that write the date.</param>
public sealed class ChatEncoder(ITokenizer tokenizer, string name, TimeProvider clock)
{
    /// <summary>Whether the model has a chat template.</summary>
    public bool HasTemplate => tokenizer.Settings.ChatTemplate is not null;

    /// <summary>Encodes a conversation with the opening of the answer.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Token ids.</returns>
    /// <exception cref="ConfigurationException">
    /// The model has no chat template, or the template refuses the conversation.
    /// </exception>
    /// <exception cref="CheckpointException">The template fails.</exception>
    public int[] Encode(IReadOnlyList<ChatMessage> messages, CancellationToken cancellation = default)
    {
        TokenizerSettings settings = tokenizer.Settings;
        string source = settings.ChatTemplate ?? throw new ConfigurationException(
            $"{name} has no chat template, so it takes a text to continue and no messages");
        string prompt = new ChatTemplate(source, name, clock).Render(
            messages,
            addGenerationPrompt: true,
            settings.BosToken,
            settings.EosToken,
            settings.SpecialTokenVariables,
            cancellation);
        return tokenizer.Encode(prompt, addSpecialTokens: false);
    }
}
