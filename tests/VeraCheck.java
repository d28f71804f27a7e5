import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges files against PDF/UA-1 with veraPDF: one line a file, `FILE ok|bad CHECKS`, then each failed rule. */
public class VeraCheck {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString("ua1");
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance()
                        .createParser(new FileInputStream(file), flavour, flavour);
                    PDFAValidator validator = Foundries.defaultInstance()
                        .createValidator(flavour, 50, false, false, false)) {
                ValidationResult result = validator.validate(parser);
                String verdict = result.isCompliant() ? "ok" : "bad";
                System.out.println(file + "\t" + verdict + "\t" + result.getTotalAssertions());
                for (TestAssertion found : result.getTestAssertions()) {
                    if (found.getStatus() == TestAssertion.Status.FAILED) {
                        System.out.println("\t" + found.getRuleId().getClause() + " " + found.getMessage()
                            + " at " + found.getLocation().getContext());
                    }
                }
            }
        }
    }
}
