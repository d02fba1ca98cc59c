using Hypercompress.Artifacts;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Cli;

/// <summary>A message as the prompt that a chat model was trained on.</summary>
internal static class ChatPrompt
{
    /// <summary>Encodes one message of a user, with the opening of the answer.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="message">The message.</param>
    /// <returns>Token ids.</returns>
    /// <exception cref="ConfigurationException">The model has no chat template or no tokenizer.</exception>
    public static int[] Encode(OpenModel opened, string message) =>
        Encode(opened, [new ChatMessage("user", message)], "use it without --chat");

    /// <summary>Encodes a conversation, with the opening of the next answer.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="remedy">What to do when there is no template.</param>
    /// <returns>Token ids.</returns>
    /// <exception cref="ConfigurationException">The model has no chat template or no tokenizer.</exception>
    public static int[] Encode(OpenModel opened, IReadOnlyList<ChatMessage> messages, string remedy)
    {
        TokenizerSettings settings = opened.Model.TokenizerSettings;
        if (opened.Model.Tokenizer is not { } tokenizer || settings.ChatTemplate is not { } source)
        {
            throw new ConfigurationException($"{opened.Location} has no chat template; {remedy}");
        }

        string prompt = new ChatTemplate(source, opened.Location, TimeProvider.System)
            .Render(
                messages,
                addGenerationPrompt: true,
                settings.BosToken,
                settings.EosToken,
                settings.SpecialTokenVariables);
        return tokenizer.Encode(prompt, addSpecialTokens: false);
    }
}
