using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Extensions.AI;
using Hypercompress.Models.Generation;
using Microsoft.Extensions.AI;

namespace Hypercompress.Chat;

/// <summary>Asks a model in this process, an artifact or any other, through Microsoft.Extensions.AI.</summary>
public static class ChatSample
{
    /// <summary>Asks.</summary>
    /// <param name="path">The model.</param>
    /// <param name="question">The question.</param>
    /// <param name="output">Gets the answer as it comes.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string path, string question, TextWriter output)
    {
        using OpenModel opened = OpenModel.Open(path, new BranchRegistry().CreateCatalog());
        using IChatClient client = new TextEngineChatClient(new ModelTextEngine(opened.Model, TimeProvider.System));
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 64 };
        await foreach (ChatResponseUpdate piece in client.GetStreamingResponseAsync(question, options))
        {
            await output.WriteAsync(piece.Text);
        }

        await output.WriteLineAsync();
        return 0;
    }
}
