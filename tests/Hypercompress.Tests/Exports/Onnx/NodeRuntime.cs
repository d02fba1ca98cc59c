using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Hypercompress.Tests.Exports.Onnx;

/// <summary>Node.js with transformers.js, where <c>.ci/run</c> or somebody else has installed it.</summary>
internal static class NodeRuntime
{
    private const string Script = """
        import { pipeline, env } from '@huggingface/transformers';
        const [folder, name, ...prompts] = process.argv.slice(2);
        env.allowRemoteModels = false;
        env.localModelPath = folder;
        const { model, tokenizer } = await pipeline('text-generation', name, { device: 'cpu' });
        for (const prompt of prompts) {
          const input = tokenizer(prompt);
          const made = await model.generate({ ...input, max_new_tokens: 40, do_sample: false });
          console.log(JSON.stringify(Array.from(made.data, Number)));
        }
        """;

    private static readonly string Home = RepositoryFiles.PathOf("artifacts/node");

    /// <summary>
    /// Lets a model continue prompts by 40 tokens, each the most probable one; skips the calling test where there is
    /// no transformers.js.
    /// </summary>
    /// <param name="path">The exported folder.</param>
    /// <param name="prompts">Texts.</param>
    /// <returns>The ids of prompt and continuation for each.</returns>
    public static long[][] Continue(string path, params string[] prompts)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Home, "node_modules", "@huggingface", "transformers")),
            $"needs transformers.js: npm install --prefix {Home} @huggingface/transformers");
        string script = Path.Combine(Home, $"continue-{Environment.ProcessId}.mjs");
        File.WriteAllText(script, Script);
        try
        {
            string[] lines = Run([script, Path.GetDirectoryName(path)!, Path.GetFileName(path), .. prompts]);
            return [.. lines.Select(line => JsonSerializer.Deserialize<long[]>(line)!)];
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string[] Run(string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output + errors.GetAwaiter().GetResult());
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs Node.js");
            return [];
        }
    }
}
