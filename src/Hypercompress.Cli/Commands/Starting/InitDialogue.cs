using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands.Starting;

/// <summary>Asks the questions of <c>init</c> one after the other; Enter takes the default.</summary>
/// <param name="terminal">Where it reads and writes.</param>
internal sealed class InitDialogue(Terminal terminal)
{
    /// <summary>Asks until every question has an answer, or the input ends.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="answers">Gets the answers.</param>
    public void Ask(IEnumerable<InitQuestion> questions, InitAnswers answers)
    {
        terminal.Messages.WriteLine("Enter takes what stands in brackets.");
        foreach (InitQuestion question in questions.Where(question => question.Text is not null))
        {
            Ask(question, answers);
        }
    }

    private void Ask(InitQuestion question, InitAnswers answers)
    {
        while (true)
        {
            terminal.Messages.Write($"{question.Text}\n  [{question.Default}]: ");
            terminal.Messages.Flush();
            string? answer = terminal.Input.ReadLine()?.Trim();
            terminal.Cancellation.ThrowIfCancellationRequested();
            if (string.IsNullOrEmpty(answer))
            {
                return;
            }

            try
            {
                question.Apply(answers, answer);
                return;
            }
            catch (ConfigurationException wrong)
            {
                terminal.Messages.WriteLine($"  {wrong.Message}");
            }
        }
    }
}
