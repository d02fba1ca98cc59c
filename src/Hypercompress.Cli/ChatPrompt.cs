using Hypercompress.Models.Errors;
using Hypercompress.Models.Generation;
using Hypercompress.Models.Templates;

namespace Hypercompress.Cli;

/// <summary>A message as the prompt that a chat model was trained on.</summary>
internal static class ChatPrompt
{
    /// <summary>Encodes one message of a user, with the opening of the answer.</summary>
    /// <param name="running">The model.</param>
    /// <param name="message">The message.</param>
    /// <returns>Token ids.</returns>
    /// <exception cref="ConfigurationException">The model has no chat template or no tokenizer.</exception>
    public static int[] Encode(RunningModel running, string message)
    {
        ChatEncoder? encoder = running.Text.Tokenizer is { } tokenizer
            ? new ChatEncoder(tokenizer, running.Location, TimeProvider.System)
            : null;
        return encoder is { HasTemplate: true }
            ? encoder.Encode([new ChatMessage("user", message)])
            : throw new ConfigurationException($"{running.Location} has no chat template; use it without --chat");
    }
}
