using Synfin.Simulation.Faults;

namespace Synfin.Simulation.Tests.StreamFaults;

public sealed class StreamFaultGrammarTests
{
    [Theory]
    [InlineData("full", "full")]
    [InlineData("partial-hang", "partial-hang 100")]
    [InlineData("partial-fin 1,000", "partial-fin 1000")]
    [InlineData("PARTIAL-RST 7", "partial-rst 7")]
    [InlineData("nothing-hang", "nothing-hang")]
    [InlineData("nothing-fin port 80", "nothing-fin port 80")]
    [InlineData("nothing-rst connection 3", "nothing-rst connection 3")]
    [InlineData("truncate", "truncate 50%")]
    [InlineData("truncate 12.5% connection 2 port 443", "truncate 12.5% port 443 connection 2")]
    public void A_fault_is_read_and_written(string text, string written)
    {
        StreamFault fault = StreamFault.Parse(text);
        Assert.Equal(written, fault.ToString());
        Assert.Equal(written, StreamFault.Parse(written).ToString());
    }

    [Fact]
    public void Every_name_is_read()
    {
        Assert.Equal(8, StreamFaultGrammar.Names.Count);
        foreach (string name in StreamFaultGrammar.Names)
        {
            Assert.StartsWith(name, StreamFault.Parse(name).ToString());
            Assert.Contains(name, StreamFaultGrammar.Help);
        }
    }

    [Theory]
    [InlineData("", 0, "there is nothing in it; write one of full, partial-hang, partial-fin, partial-rst, nothing-hang")]
    [InlineData("partial-rts 5", 0, "'partial-rts' is no stream fault; did you mean 'partial-rst'? The faults are full, partial-hang")]
    [InlineData("explode", 0, "'explode' is no stream fault; write one of full")]
    [InlineData("partial-fin 0", 12, "0 octets are nothing; write 'nothing-hang', 'nothing-fin' or 'nothing-rst'")]
    [InlineData("partial-fin 5x", 12, "'5x' is no number of octets; write a number such as 100")]
    [InlineData("truncate 100%", 9, "'100%' is no part of a stream; write a percentage below 100, such as 50%")]
    [InlineData("truncate 0.5", 9, "'0.5' is no part of a stream; write a percentage below 100, such as 50%")]
    [InlineData("full port", 9, "it ends where a number should stand; write 'port' and a number")]
    [InlineData("full port 70000", 10, "'70000' is no port; write 1 to 65535")]
    [InlineData("full connection 0", 16, "'0' is no connection; write 1 to 2147483647")]
    [InlineData("full from b", 5, "'from' is not expected here; what may follow is 'port N' or 'connection N'")]
    public void What_cannot_be_read_is_told(string text, int position, string message)
    {
        RuleSyntaxException e = Assert.Throws<RuleSyntaxException>(() => StreamFault.Parse(text));
        Assert.Equal(position, e.Position);
        Assert.Contains(message, e.Message);
    }
}
