using System.Globalization;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Tokenization.Loading;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.StoryModel.Tokens;
using Hypercompress.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.StoryModel;

/// <summary>Makes the whole folder: texts, vocabulary, model.</summary>
/// <param name="folder">Where to; made when absent.</param>
/// <param name="firstRound">Rounds before this one are taken as done: their weights lie in the folder.</param>
internal sealed class StoryModelMaker(string folder, int firstRound)
{
    /// <summary>Makes everything, and prints stories that the model tells.</summary>
    public void Make()
    {
        if (firstRound > 0)
        {
            // Refused before anything in the folder is overwritten.
            CheckpointFolder.Open(folder).Dispose();
        }

        set_num_threads(StoryModelRecipe.Threads);
        Directory.CreateDirectory(folder);
        WriteText("heldout.txt", StoryModelRecipe.HeldOutSeed, StoryModelRecipe.HeldOutCharacters);
        WriteText("calibration.txt", StoryModelRecipe.CalibrationSeed, StoryModelRecipe.CalibrationCharacters);
        var tokenizer = MakeTokenizer();
        StoryModelFolder.WriteConfiguration(folder, tokenizer.VocabularySize);
        for (int round = firstRound; round < StoryModelRecipe.Rounds.Length; round++)
        {
            int size = tokenizer.VocabularySize;
            using var model = round == 0 ? FirstWeights(size) : StoredWeights(size);
            Train(model, tokenizer, round);
            StoryModelFolder.WriteWeights(folder, model);
        }

        using var made = StoredWeights(tokenizer.VocabularySize);
        Measure(made, tokenizer);
        TellStories(made, tokenizer);
    }

    private void WriteText(string name, ulong firstSeed, int characters) =>
        File.WriteAllText(Path.Combine(folder, name), StoryTexts.Text(firstSeed, characters));

    private TokenizerJson MakeTokenizer()
    {
        var stories = StoryTexts.Stories(StoryModelRecipe.TrainingSeed, StoryModelRecipe.VocabularyStories);
        TokenizerFiles.Write(BpeTrainer.Train(stories, StoryModelRecipe.VocabularySize), folder);
        return TokenizerJson.Load(Path.Combine(folder, "tokenizer.json"));
    }

    private void Train(DecoderModel model, TokenizerJson tokenizer, int round)
    {
        var options = StoryModelRecipe.Rounds[round];
        string validation = StoryTexts.Text(StoryModelRecipe.ValidationSeed, StoryModelRecipe.HeldOutCharacters);
        var tokens = TrainingTokens.Of([.. TrainingIds(tokenizer, round)], [.. tokenizer.Encode(validation)]);
        var log = new TrainingLog(20, () => StoryModelFolder.WriteWeights(folder, model));
        var trainer = new ModelTrainer($"round {round} of the story model", options, new(TimeProvider.System, log));
        trainer.Run(model, tokens, new LanguageModelLoss());
    }

    private static List<int> TrainingIds(TokenizerJson tokenizer, int round)
    {
        ulong seed = StoryModelRecipe.TrainingSeed;
        List<int> ids = [];
        for (int i = 0; i <= round; i++)
        {
            ids.Clear();
            var options = StoryModelRecipe.Rounds[i];
            while (ids.Count < options.TokenBudget + options.SequenceLength)
            {
                ids.AddRange(tokenizer.Encode(StoryTexts.Text(seed++, 1)));
            }
        }

        return ids;
    }

    private void Measure(DecoderModel model, TokenizerJson tokenizer)
    {
        string file = Path.Combine(folder, "heldout.txt");
        var text = new EvaluationText(file, tokenizer.Encode(File.ReadAllText(file)));
        var scores = new PerplexityEvaluator(new()).Evaluate(model, text);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"held-out perplexity {scores.Perplexity:F3} ± {scores.PerplexityStandardError:F3}, "
            + $"{scores.Tokens} tokens in windows of {scores.Window}, {scores.Accuracy:P1} guessed at once\n"));
    }

    private static void TellStories(DecoderModel model, TokenizerJson tokenizer)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            Console.WriteLine(StorySampler.Tell(model, tokenizer, "Once upon a time", 0.7, seed) + "\n");
        }
    }

    private DecoderModel StoredWeights(int vocabularySize)
    {
        using var source = CheckpointFolder.Open(folder);
        return DecoderModel.Load(StoryModelRecipe.Decoder(vocabularySize), source);
    }

    // Matrices that write into the residual stream start smaller the deeper the model (GPT-2).
    private static DecoderModel FirstWeights(int vocabularySize)
    {
        using var random = new Generator(StoryModelRecipe.WeightSeed);
        var config = StoryModelRecipe.Decoder(vocabularySize);
        return DecoderModel.Assemble(
            config,
            slot =>
            {
                bool writes = slot.Name.EndsWith("o_proj", StringComparison.Ordinal)
                    || slot.Name.EndsWith("down_proj", StringComparison.Ordinal);
                double deviation = StoryModelRecipe.WeightDeviation / (writes ? Math.Sqrt(2 * config.Layers) : 1);
                return new DenseMatrix(randn([slot.Rows, slot.Columns], generator: random).mul_(deviation));
            },
            vector => ones(vector.Length));
    }
}
