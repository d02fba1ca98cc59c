using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Generation;
using Hypercompress.Server;

namespace Hypercompress.Chat;

/// <summary>Serves a model from a program of one's own until a line is entered.</summary>
public static class ServingSample
{
    /// <summary>Serves.</summary>
    /// <param name="path">The model.</param>
    /// <param name="output">Gets the address.</param>
    /// <param name="input">A line of it ends the server.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string path, TextWriter output, TextReader input)
    {
        using OpenModel opened = OpenModel.Open(path, new BranchRegistry().CreateCatalog());
        var engine = new ModelTextEngine(opened.Model, TimeProvider.System);
        var options = new ServerOptions { Port = 0, Parallel = 2 };
        await using ModelServer server = await ModelServer.StartAsync(engine, options, TimeProvider.System);
        await output.WriteLineAsync($"{server.Address}v1");
        await input.ReadLineAsync();
        return 0;
    }
}
