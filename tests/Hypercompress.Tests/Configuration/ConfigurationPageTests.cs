namespace Hypercompress.Tests.Configuration;

public sealed class ConfigurationPageTests
{
    private const string Update = "HYPERCOMPRESS_UPDATE_DOCUMENTS";
    private static readonly string File = RepositoryFiles.PathOf("docs/configuration.md");

    [Fact]
    public void Page_IsWhatTheCodeSays()
    {
        string page = ConfigurationPage.Write();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            System.IO.File.WriteAllText(File, page);
        }

        Assert.True(
            page == System.IO.File.ReadAllText(File),
            $"docs/configuration.md differs from the code: run this test with {Update}=1 and look at the changes");
    }
}
