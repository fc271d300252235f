using Synfin.Drill.Expressions;

namespace Synfin.Drill.Tests.Expressions;

/// <summary>Runs code with the names of a connection as a kernel would report it.</summary>
internal sealed class Computing : IVariables
{
    private readonly CodeRunner _runner;

    public Computing() => _runner = new CodeRunner(this);

    public Dictionary<string, CodeValue> Names { get; } = new()
    {
        ["tcpi_snd_cwnd"] = CodeValue.Of(10),
        ["tcpi_unacked"] = CodeValue.Of(3),
        ["tcpi_ca_state"] = CodeValue.Of(3),
        ["tcpi_state"] = CodeValue.Of(1),
        ["tcpi_options"] = CodeValue.Of(7),
        ["tcpi_snd_ssthresh"] = CodeValue.Of(0x7fffffff),
        ["tcpi_max_pacing_rate"] = CodeValue.Of((Int128)ulong.MaxValue),
    };

    public bool TryGet(string name, out CodeValue value) => Names.TryGetValue(name, out value);

    public CodeResult Run(string code, int line = 1) => _runner.Run(code, line);

    public static void Holds(string condition) => Assert.Equal(new CodeResult.Passed(), new Computing().Run($" assert {condition} "));

    public static CodeResult.Failed Fails(string code) => Assert.IsType<CodeResult.Failed>(new Computing().Run(code));

    public static CodeResult.Unsupported IsUnsupported(string code) => Assert.IsType<CodeResult.Unsupported>(new Computing().Run(code));
}
