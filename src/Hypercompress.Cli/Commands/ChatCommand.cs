using System.CommandLine;
using Hypercompress.Cli.Conversation;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary><c>chat</c>: a conversation with a model.</summary>
internal static class ChatCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new ChatOptions();
        var command = new Verb(
            "chat",
            "Talks with a model; one without a chat template continues what you type",
            "chat MODEL --temperature 0.7 --top-p 0.9 --system \"Answer in one sentence.\"");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            EngineChoice choice = options.Engine.Read(parsed);
            SamplingOptions sampling = options.Sampling(parsed);
            using RunningModel running = RunningModel.Open(
                parsed.GetValue(options.Model), ModelAccess.Of(parsed, terminal), choice);
            var turns = new ChatTurns(running, sampling, parsed.GetValue(options.SystemText));
            new ChatLoop(terminal, turns).Run();
            return (int)ExitCode.Done;
        });
        return command;
    }
}
