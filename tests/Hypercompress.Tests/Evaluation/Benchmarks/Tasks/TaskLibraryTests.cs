using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

public sealed class TaskLibraryTests : IDisposable
{
    private const string Task =
        "task: mine\nprompt: \"{{q}}\"\nchoices: [a, b]\ntarget: \"{{label}}\"\nmetrics: [acc]\n";
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Select_OfAFile_GivesItsTaskBesideTheOthers()
    {
        string file = _scratch.Write("mine.yaml", Task);
        Assert.Equal(["rte", "mine"], TaskLibrary.Select(["rte", file, "rte"]).Tasks.Select(task => task.Task));
    }

    [Fact]
    public void Select_OfAFolder_GivesAllOfIt()
    {
        _scratch.Write("1.yaml", Task);
        _scratch.Write("2.yaml", "group: both\ntasks: [mine, rte]\nmetrics: [acc]\n");
        TaskSelection selection = TaskLibrary.Select([_scratch.Path]);
        Assert.Equal(["mine", "rte"], selection.Tasks.Select(task => task.Task));
        Assert.Equal(["mine", "rte"], selection.TasksOf(selection.Groups.Single()));
    }

    [Fact]
    public void Select_OfSubsets_GivesATaskForEach()
    {
        string file = _scratch.Write("mine.yaml", Task + "subsets: [one, two]\ndescription: \"On {{subset}}.\"\n");
        TaskSelection selection = TaskLibrary.Select([file]);
        Assert.Equal(["mine_one", "mine_two"], selection.Tasks.Select(task => task.Task));
        Assert.Equal(["mine/one", "mine/two"], selection.Tasks.Select(task => task.Data));
    }

    [Theory]
    [InlineData("arc_eazy", "'arc_easy'")]
    [InlineData("mmlu_anatomie", "'mmlu_anatomy'")]
    [InlineData("nowhere.yaml", "nowhere.yaml")]
    public void Select_OfAnUnknownName_SaysWhatIsKnown(string name, string expected) => Assert.Contains(
        expected, Assert.Throws<ConfigurationException>(() => TaskLibrary.Select([name])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("task: x\n", "metrics")]
    [InlineData(Task + "promt: x\n", "'prompt'")]
    [InlineData(Task + "choices_from: c\n", "choices")]
    [InlineData(Task + "output: generate\n", "multiple_choice")]
    [InlineData(Task + "output: generate_until\n", "exact_match")]
    [InlineData(Task + "fewshot: {shots: -1}\n", "fewshot.shots")]
    [InlineData(Task + "filters: [{name: x}]\n", "pattern")]
    [InlineData(Task + "filters: [{nme: x}]\n", "filters[0].nme")]
    [InlineData(Task + "filters: [x]\n", "filters[0]")]
    [InlineData(Task + "filters: [{name: x, pattern: '('}]\n", "regular expression")]
    [InlineData(Task + "exact_match: {ignore: ['(']}\n", "exact_match")]
    [InlineData(Task + "version: one\n", "version")]
    [InlineData("group: g\ntasks: [g]\n", "contains itself")]
    [InlineData("group: g\ntasks: [nothing]\n", "'nothing'")]
    [InlineData("a: [", "valid YAML")]
    public void Select_OfAWrongFile_SaysWhatIsWrong(string yaml, string expected)
    {
        string file = _scratch.Write("mine.yaml", yaml);
        Assert.Contains(
            expected, Assert.Throws<ConfigurationException>(() => TaskLibrary.Select([file])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_AreThoseThatShip()
    {
        string[] wanted =
        [
            "wikitext", "mmlu", "mmlu_stem", "mmlu_virology", "gsm8k", "gsm8k_cot", "glue", "cola", "hellaswag",
            "arc_easy", "arc_challenge",
            "piqa", "winogrande", "lambada_openai", "boolq", "openbookqa", "copa",
        ];
        Assert.Subset(TaskLibrary.Names.ToHashSet(), wanted.ToHashSet());
    }
}
